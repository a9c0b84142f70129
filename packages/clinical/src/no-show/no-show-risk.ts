import type { TimestampMs } from '@baton/kernel';
import type { Appointment, NoShowModel, ReminderRecord, ReminderSettings } from '@baton/wire';
import { armOf } from './arm-of.ts';
import { DEFAULT_NO_SHOW_SETTINGS, type NoShowSettings } from './no-show-settings.ts';
import { likelyFrom, scoreVisit } from './score-visit.ts';
import { endOf, visitFeatures, VisitHistory } from './visit-features.ts';
import { ratesOf, splitByTime } from './train-no-show.ts';

type Risk = NonNullable<ReminderRecord['score']>;

/**
 * Who is likely not to come, for `planReminders`: null of a visit that is not among the likely ones; null altogether where the score is off, has no model, or a
 * model that may not be used. `visits` are the practice's, past and to come. A visit that has a score in its record keeps it, and its arm: nobody is drawn twice.
 */
export function noShowRisk(input: {
  readonly model: NoShowModel | null;
  readonly settings: ReminderSettings['score'];
  readonly visits: readonly Appointment[];
  readonly records: ReadonlyMap<string, ReminderRecord>;
  readonly nowMs: TimestampMs;
  readonly training?: NoShowSettings;
}): ((visit: Appointment) => Risk | null) | null {
  const { model, settings, visits, records, nowMs, training = DEFAULT_NO_SHOW_SETTINGS } = input;
  if (!settings.on || model === null || model.off !== null) return null;
  const history = new VisitHistory(visits, training);
  // The rates that the model was trained with.
  const rates = ratesOf(splitByTime(visits, model.trainedAt, training).older);
  const scoreOf = (visit: Appointment): number =>
    scoreVisit(model, visitFeatures(visit, { past: history.before(visit), rates, settings: training }));
  const coming = visits.filter((visit) => visit.start > nowMs && endOf(visit) === null && isOpen(visit));
  const from = likelyFrom(coming.map(scoreOf), settings.share);
  const { compare } = settings;
  return (visit) => {
    const written = records.get(visit.id)?.score ?? null;
    if (written !== null) return written;
    const value = scoreOf(visit);
    if (value < from) return null;
    return { model: model.id, value, arm: compare === null ? null : armOf(visit.id, compare) };
  };
}

function isOpen({ status }: Appointment): boolean {
  return status === 'booked' || status === 'pending';
}
