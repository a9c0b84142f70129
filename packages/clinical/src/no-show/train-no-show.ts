import type { TimestampMs } from '@baton/kernel';
import type { Appointment, NoShowModel } from '@baton/wire';
import {
  brierOf,
  calibrationGap,
  calibrationOf,
  calibrationTests,
  type Judged,
  rankQualityOf,
} from './calibration.ts';
import { fitLogistic, type TrainingRow } from './logistic-regression.ts';
import { DEFAULT_NO_SHOW_SETTINGS, type NoShowSettings } from './no-show-settings.ts';
import { scoreVisit } from './score-visit.ts';
import {
  endOf,
  NO_SHOW_FEATURES,
  type PracticeRates,
  visitFeatures,
  VisitHistory,
} from './visit-features.ts';

const DIGITS = 1e6;

/**
 * Trains the practice's own score on its past visits (docs/protocol/programmes.md §4): the older part gives the weights, the newer one says whether they hold. The
 * weights that are shown are the ones that were tried. `off` says why a model is not to be used; then `scoreVisit` is not to be asked.
 * Deterministic: the same visits, in any order, give the same model.
 */
export function trainNoShowModel(input: {
  readonly visits: readonly Appointment[];
  readonly nowMs: TimestampMs;
  readonly settings?: NoShowSettings;
}): NoShowModel {
  const { visits, nowMs, settings = DEFAULT_NO_SHOW_SETTINGS } = input;
  const { older, newer } = splitByTime(visits, nowMs, settings);
  const ended = [...older, ...newer];
  const rates = ratesOf(older);
  const history = new VisitHistory(ended, settings);
  const featuresOf = (visit: Appointment) =>
    visitFeatures(visit, { past: history.before(visit), rates, settings });
  const rows = older.map((visit): TrainingRow => {
    const features = featuresOf(visit);
    return { x: NO_SHOW_FEATURES.map((name) => features[name]), y: endOf(visit) === 'missed' ? 1 : 0 };
  });
  const noShows = (list: readonly Appointment[]): number =>
    list.filter((visit) => endOf(visit) === 'missed').length;
  const base = {
    t: 'no-show-model',
    id: `no-show-1-${nowMs}`,
    trainedAt: nowMs,
    visits: ended.length,
    noShows: noShows(ended),
  } as const;
  const isFew =
    noShows(older) < settings.noShowsPerWeight * NO_SHOW_FEATURES.length ||
    noShows(newer) < settings.leastHeldOutNoShows;
  if (ended.length < settings.leastVisits || isFew) {
    const off = ended.length < settings.leastVisits ? 'too-few-visits' : 'too-few-no-shows';
    const empty = { intercept: 0, weights: [], calibration: [], auc: null, brier: null };
    return { ...base, off, ...empty };
  }
  const fit = fitLogistic(rows, settings.ridge);
  const weights = NO_SHOW_FEATURES.map((feature, at) => ({
    feature,
    weight: round(fit.weights[at] ?? 0),
    mean: round(fit.means[at] ?? 0),
  }));
  const model = { intercept: round(fit.intercept), weights };
  const judged = newer.map(
    (visit): Judged => ({
      predicted: scoreVisit(model, featuresOf(visit)),
      observed: endOf(visit) === 'missed' ? 1 : 0,
    }),
  );
  return {
    ...base,
    off: judgeFit(judged, settings),
    ...model,
    calibration: calibrationOf(judged),
    auc: rankQualityOf(judged)?.auc ?? null,
    brier: brierOf(judged),
  };
}

/** Whether the score holds on visits that it has not seen: it has to rank better than chance, and to mean what it says. */
function judgeFit(judged: readonly Judged[], { mostZ, mostGap }: NoShowSettings): NoShowModel['off'] {
  const rank = rankQualityOf(judged);
  if (rank === null || rank.auc - mostZ * rank.standardError <= 0.5) return 'no-better-than-chance';
  const { mean, whole } = calibrationTests(judged);
  const isFailed = Math.max(Math.abs(mean), Math.abs(whole)) > mostZ;
  return isFailed && calibrationGap(calibrationOf(judged)) > mostGap ? 'not-calibrated' : null;
}

/** Visits of known patients whose end is known, in the order of their start: the older part to train on, the newer to try it on. */
export function splitByTime(
  visits: readonly Appointment[],
  nowMs: TimestampMs,
  { heldOutShare }: NoShowSettings,
): { readonly older: readonly Appointment[]; readonly newer: readonly Appointment[] } {
  const ended = visits
    .filter((visit) => visit.ref !== null && endOf(visit) !== null && visit.start <= nowMs)
    .sort((left, right) => left.start - right.start || (left.id < right.id ? -1 : 1));
  const cut = Math.floor(ended.length * (1 - heldOutShare));
  return { older: ended.slice(0, cut), newer: ended.slice(cut) };
}

/** Shares of the practice's visits that were missed and that had been confirmed. */
export function ratesOf(visits: readonly Appointment[]): PracticeRates {
  const ended = visits.filter((visit) => endOf(visit) !== null);
  const share = (count: number): number => (ended.length === 0 ? 0 : count / ended.length);
  return {
    missed: share(ended.filter((visit) => endOf(visit) === 'missed').length),
    confirmed: share(ended.filter(({ answer }) => answer.state === 'confirmed').length),
  };
}

/** So that what is shown is what is used. */
function round(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}
