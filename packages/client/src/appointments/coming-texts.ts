import { isPrivateVisit, planReminders, type ReminderReach } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import { planTextTime, sendingHours } from '@baton/policy';
import type { Appointment, Reach, ReminderRecord, ReminderSettings, TextingSettings } from '@baton/wire';
import type { ComingText } from '../api/appointments.ts';
import type { Chart } from '../api/care.ts';

/**
 * What the reminders assistant would say to a patient, as things stand now: the same plan by the same rules. Not what it will say: the cap on texts, an answer
 * or a change of the visit may still move or end it.
 */
export function comingTexts(input: {
  readonly settings: ReminderSettings;
  readonly visits: readonly Appointment[];
  readonly recordOf: (appointment: string) => ReminderRecord | null;
  readonly chart: Pick<Chart, 'reach' | 'optedOut' | 'consentFor'>;
  readonly texting: TextingSettings;
  readonly nowMs: TimestampMs;
}): readonly ComingText[] {
  const { settings, visits, recordOf, chart, texting, nowMs } = input;
  const { reach } = chart;
  if (!reach) return [];
  const records = new Map(
    visits.flatMap(({ id }) => {
      const record = recordOf(id);
      return record ? [[id, record] as const] : [];
    }),
  );
  const hours = sendingHours(texting.quiet);
  const plan = (some: readonly Appointment[], known: ReminderReach) =>
    planReminders({
      settings,
      visits: some,
      records,
      reach: known,
      quiet: {
        goesAt: (wantedMs, mayMoveEarlier) =>
          planTextTime({ timeZone: reach.timeZone, wantedMs, nowMs, hours, mayMoveEarlier }),
      },
      nowMs,
      risk: ({ id }) => records.get(id)?.score ?? null,
    });
  const isPrivate = privacyOf(reach, texting, nowMs);
  const own = reach.confidential === null ? [] : plan(visits.filter(isPrivate), reachOf(chart, reach, true));
  const open = plan(
    visits.filter((visit) => !isPrivate(visit)),
    reachOf(chart, reach, false),
  );
  return [...open, ...own]
    .sort((a, b) => a.atMs - b.atMs)
    .filter(({ score }) => score?.arm !== 'usual')
    .map(({ step, appointments, atMs }) => ({
      step,
      appointments: appointments.map(({ id }) => id),
      at: atMs,
    }));
}

/** Which visits of a patient are for the patient's own eyes. */
export function privacyOf(
  { birthDate }: Pick<Reach, 'birthDate'>,
  { confidentialFromAge }: Pick<TextingSettings, 'confidentialFromAge'>,
  nowMs: TimestampMs,
): (visit: Pick<Appointment, 'shareable'>) => boolean {
  return (visit) => isPrivateVisit(visit, { birthDate, confidentialFromAge, nowMs });
}

/** `isPrivate`: in the patient's own conversation, which no text announces. */
export function reachOf(
  chart: Pick<Chart, 'optedOut' | 'consentFor'>,
  { deceased, doNotContact, channel, people, language, phones }: Reach,
  isPrivate: boolean,
): ReminderReach {
  return {
    deceased,
    doNotContact,
    optedOut: chart.optedOut?.out === true,
    channel: isPrivate || !phones.some(({ use }) => use === 'mobile') ? 'none' : channel,
    hasPage: people.some(({ ended, relation }) => !ended && (!isPrivate || relation === 'self')),
    language,
    mayAsk: chart.consentFor('check-ins') !== null || chart.consentFor('outreach') !== null,
    cap: null,
  };
}
