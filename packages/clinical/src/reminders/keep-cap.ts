import { DAY_MS, type TimestampMs } from '@baton/kernel';
import type { Cap, PlannedStep, QuietHours } from './planned-step.ts';

const WEEK_MS = 7 * DAY_MS;
/** Further than this nothing is moved: a reminder of another week reminds of nothing. */
const FURTHEST_MS = 2 * DAY_MS;

/**
 * Moves steps earlier where their texts would else be held up by the cap. What finds no room stays where it is: the texting assistant decides at the moment of
 * sending. `planned` by time.
 */
export function withinCap(
  planned: readonly PlannedStep[],
  { cap, quiet, nowMs }: { readonly cap: Cap; readonly quiet: QuietHours; readonly nowMs: TimestampMs },
): readonly PlannedStep[] {
  const taken = [...cap.contacts];
  const kept: PlannedStep[] = [];
  for (const one of planned) {
    if (one.score?.arm === 'usual') {
      kept.push(one);
      continue;
    }
    // Moved before an earlier reminder of the same visit it would make that one old, and the visit is reminded of once less.
    const notBeforeMs = Math.max(
      nowMs,
      ...kept.filter((other) => isOfSame(other, one)).map(({ atMs }) => atMs),
    );
    const atMs = roomBefore(one, { taken, cap, quiet, notBeforeMs }) ?? one.atMs;
    taken.push(atMs);
    kept.push(atMs === one.atMs ? one : { ...one, atMs });
  }
  return kept.sort((a, b) => a.atMs - b.atMs);
}

function roomBefore(
  { atMs, step }: PlannedStep,
  around: {
    readonly taken: readonly TimestampMs[];
    readonly cap: Cap;
    readonly quiet: QuietHours;
    readonly notBeforeMs: TimestampMs;
  },
): TimestampMs | null {
  const { taken, cap, quiet, notBeforeMs } = around;
  if (hasRoom(taken, atMs, cap)) return atMs;
  if (step.anchor !== 'before') return null;
  const tries = taken
    .flatMap((at) => [at - DAY_MS, at - WEEK_MS])
    .filter((at) => at < atMs && at >= Math.max(notBeforeMs, atMs - FURTHEST_MS))
    .sort((a, b) => b - a);
  for (const wanted of tries) {
    const at = quiet.goesAt(wanted, true);
    if (at !== null && at <= wanted && at >= notBeforeMs && hasRoom(taken, at, cap)) return at;
  }
  return null;
}

function isOfSame(a: PlannedStep, b: PlannedStep): boolean {
  return a.appointments.some(({ id }) => b.appointments.some((other) => other.id === id));
}

function hasRoom(taken: readonly TimestampMs[], atMs: TimestampMs, { perDay, perWeek }: Cap): boolean {
  const times = [...taken, atMs].sort((a, b) => a - b);
  const holds = (most: number, spanMs: number): boolean =>
    times.every((at, index) => (times[index + most] ?? Number.POSITIVE_INFINITY) - at >= spanMs);
  return holds(perDay, DAY_MS) && holds(perWeek, WEEK_MS);
}
