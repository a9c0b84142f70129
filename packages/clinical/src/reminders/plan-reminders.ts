import { DAY_MS, instantOf, localDayAt, MINUTE_MS, minuteOfDayAt, type TimestampMs } from '@baton/kernel';
import type { Appointment, ReminderRecord, ReminderSettings, ReminderStep } from '@baton/wire';
import { isExpected, isSameService } from '../appointments/appointment-status.ts';
import { withinCap } from './keep-cap.ts';
import { isWithdrawn, type PlannedStep, type QuietHours, type ReminderReach } from './planned-step.ts';
import { whyUnreached } from './why-unreached.ts';

/** A visit that the practice's score calls likely to be missed, or that was drawn into the comparison before; null: neither. */
export type RiskOf = (visit: Appointment) => NonNullable<ReminderRecord['score']> | null;

export interface PlanInput {
  readonly settings: Pick<ReminderSettings, 'on' | 'mergeSameDay'> & {
    readonly steps: readonly ReminderStep[];
  };
  /** Of one patient. */
  readonly visits: readonly Appointment[];
  /** By appointment. */
  readonly records: ReadonlyMap<string, ReminderRecord>;
  readonly reach: ReminderReach;
  readonly quiet: QuietHours;
  readonly nowMs: TimestampMs;
  /** null: no score, nobody gets an extra reminder. */
  readonly risk: RiskOf | null;
}

/** How long after its time what follows a visit is still worth saying. */
const AFTER_WORTH_MS = 3 * DAY_MS;
/** How late a booking is still announced. */
const BOOKED_WORTH_MS = DAY_MS;
/** A reminder that is late is left out where the next one comes so soon. */
const CATCH_UP_GAP_MS = 12 * 3_600_000;
const DAY_MINUTES = 1440;

interface Candidate {
  readonly step: ReminderStep;
  readonly group: readonly [Appointment, ...Appointment[]];
  readonly wantedMs: TimestampMs;
  readonly untilMs: TimestampMs;
  readonly score: PlannedStep['score'];
}

/**
 * Every step that is still to come for one patient, by time (docs/protocol/programmes.md §4). What a record names for the same step and start (sent, planned
 * or skipped) is not planned again, so that nothing goes twice and a moved visit is reminded anew. Of steps whose time has passed only the newest that is
 * still worth something goes, and none after a later one went.
 */
export function planReminders(input: PlanInput): readonly PlannedStep[] {
  const { settings, reach, quiet, nowMs, visits } = input;
  if (!settings.on) return [];
  const why = whyUnreached(reach, true);
  if (why !== null && why !== 'notice-only') return [];
  const steps = settings.steps.filter(({ active }) => active);
  if (steps.length === 0) return [];
  const planned = groupsOf(visits, settings.mergeSameDay).flatMap((group) => {
    const before = planBefore(group, steps, input);
    const after = steps.flatMap((step) =>
      step.anchor === 'after' ? (afterVisit(group, step, input) ?? []) : [],
    );
    return [...before, ...after].flatMap((candidate) => {
      const earlier = candidate.step.anchor === 'before';
      const atMs = quiet.goesAt(Math.max(candidate.wantedMs, nowMs), earlier);
      if (atMs === null || atMs >= candidate.untilMs) return [];
      const { step, untilMs, score } = candidate;
      return [{ step, appointments: candidate.group, atMs, untilMs, score }];
    });
  });
  planned.sort((a, b) => a.atMs - b.atMs);
  if (reach.cap === null) return planned;
  return withinCap(planned, { cap: reach.cap, quiet, nowMs });
}

/** Visits that are spoken of together: of one local day, or each for itself. Each by start. */
function groupsOf(
  visits: readonly Appointment[],
  mergeSameDay: boolean,
): readonly (readonly Appointment[])[] {
  if (!mergeSameDay || visits.length === 1) return visits.map((visit) => [visit]);
  const days = new Map<string, Appointment[]>();
  for (const visit of visits) {
    const day = `${visit.timeZone} ${localDayAt(visit.timeZone, visit.start)}`;
    const known = days.get(day);
    if (known) known.push(visit);
    else days.set(day, [visit]);
  }
  return [...days.values()].map((group) => group.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1)));
}

/** What is said before a visit: of what is late only the newest, and nothing that a later message has made old. */
function planBefore(
  group: readonly Appointment[],
  steps: readonly ReminderStep[],
  input: PlanInput,
): readonly Candidate[] {
  const { nowMs } = input;
  const expected = group.filter((visit) => isExpected(visit, nowMs));
  if (expected.length === 0) return [];
  const hasBooked = steps.some(({ anchor }) => anchor === 'booking');
  const candidates = steps.flatMap((step) => {
    if (step.anchor === 'booking') return booking(expected, step, input) ?? [];
    return step.anchor === 'before' ? (beforeVisit(expected, step, { ...input, hasBooked }) ?? []) : [];
  });
  const late = candidates
    .filter(({ wantedMs }) => wantedMs <= nowMs)
    .sort((a, b) => rank(b) - rank(a))
    .slice(0, 1);
  const coming = candidates.filter(({ wantedMs }) => wantedMs > nowMs);
  const isSoon = coming.some(({ wantedMs, score }) => score === null && wantedMs - nowMs < CATCH_UP_GAP_MS);
  const kept = late.filter(({ step }) => step.anchor === 'booking' || !isSoon);
  return [...kept, ...coming];
}

/** An announcement says all that a late reminder would. */
function rank({ step, wantedMs }: Candidate): number {
  return step.anchor === 'booking' ? Number.POSITIVE_INFINITY : wantedMs;
}

function beforeVisit(
  expected: readonly Appointment[],
  step: ReminderStep,
  input: PlanInput & { readonly hasBooked: boolean },
): Candidate | null {
  const { records, risk, nowMs } = input;
  if (!fits(step, expected)) return null;
  const open = expected.filter((visit) => {
    const wantedMs = minutesBefore(visit, step.minutes);
    if (wantedMs <= nowMs && wantedMs < visit.createdAt && input.hasBooked) return false;
    return !isOver(records.get(visit.id), { step, visit, wantedMs, steps: input.settings.steps });
  });
  const score = step.to === 'likely-no-show' ? likely(open, risk) : null;
  if (step.to === 'likely-no-show' && score === null) return null;
  const [first, ...rest] = open;
  if (first === undefined) return null;
  return {
    step,
    group: [first, ...rest],
    wantedMs: minutesBefore(first, step.minutes),
    untilMs: first.start,
    score,
  };
}

function likely(visits: readonly Appointment[], risk: RiskOf | null): PlannedStep['score'] {
  for (const visit of visits) {
    const score = visit.answer.state === 'confirmed' ? null : (risk?.(visit) ?? null);
    if (score !== null) return score;
  }
  return null;
}

/** On booking; of a visit that was moved after something had been said about it, at once. */
function booking(expected: readonly Appointment[], step: ReminderStep, input: PlanInput): Candidate | null {
  const { records, nowMs } = input;
  if (!fits(step, expected)) return null;
  const open = expected.filter((visit) => {
    const said = saidOf(records.get(visit.id));
    if (said.some(({ start }) => start === visit.start)) return false;
    const isMoved = said.some(({ state }) => state === 'sent');
    return isMoved || nowMs - (visit.createdAt + step.minutes * MINUTE_MS) <= BOOKED_WORTH_MS;
  });
  const [first, ...rest] = open;
  if (first === undefined) return null;
  const wantedMs = Math.min(...open.map(({ createdAt }) => createdAt)) + step.minutes * MINUTE_MS;
  return { step, group: [first, ...rest], wantedMs, untilMs: first.start, score: null };
}

/** What follows a visit: who missed it and has no other, who came. */
function afterVisit(
  group: readonly Appointment[],
  step: ReminderStep,
  { records, reach, nowMs, visits }: PlanInput,
): Candidate | null {
  if (step.kind === 'survey' && !reach.mayAsk) return null;
  const wanted = step.kind === 'no-show' ? 'noshow' : 'fulfilled';
  const open = group.filter((visit) => {
    if (visit.status !== wanted || visit.end > nowMs) return false;
    const said = saidOf(records.get(visit.id));
    return !said.some((one) => one.step === step.id && one.start === visit.start);
  });
  const [first, ...rest] = open;
  if (first === undefined || !fits(step, open)) return null;
  const hasOther = visits.some((one) => isExpected(one, nowMs) && isSameService(one.service, first.service));
  if (step.kind === 'no-show' && hasOther) return null;
  const wantedMs = first.end + step.minutes * MINUTE_MS;
  const untilMs = wantedMs + AFTER_WORTH_MS;
  return untilMs <= nowMs ? null : { step, group: [first, ...rest], wantedMs, untilMs, score: null };
}

/** Visits of one day are confirmed when all of them are. */
function fits({ to }: ReminderStep, visits: readonly Appointment[]): boolean {
  const isConfirmed = visits.every(({ answer }) => answer.state === 'confirmed');
  switch (to) {
    case 'all':
      return true;
    case 'confirmed':
      return isConfirmed;
    case 'unconfirmed':
    case 'likely-no-show':
      return !isConfirmed;
  }
}

/** What was taken back was never said. */
function saidOf(record: ReminderRecord | undefined): ReminderRecord['steps'] {
  return (record?.steps ?? []).filter((one) => !isWithdrawn(one));
}

/** Said already for this start, or made old by what was said later. */
function isOver(
  record: ReminderRecord | undefined,
  about: {
    readonly step: ReminderStep;
    readonly visit: Appointment;
    readonly wantedMs: TimestampMs;
    readonly steps: readonly ReminderStep[];
  },
): boolean {
  const { step, visit, wantedMs, steps } = about;
  return saidOf(record).some((said) => {
    if (said.start !== visit.start) return false;
    if (said.step === step.id) return true;
    if (said.state === 'skipped') return false;
    const other = steps.find(({ id }) => id === said.step);
    // A step that is no more part of the cadence, or the announcement: old is what was due before it went.
    const saidFor = other?.anchor === 'before' ? minutesBefore(visit, other.minutes) : said.at;
    return saidFor >= wantedMs;
  });
}

/** Whole days before are counted by the place's clocks: the same time of day, whatever daylight saving did in between. */
export function minutesBefore(
  { start, timeZone }: Pick<Appointment, 'start' | 'timeZone'>,
  minutes: number,
): TimestampMs {
  const exact = start - minutes * MINUTE_MS;
  if (minutes === 0 || minutes % DAY_MINUTES !== 0) return exact;
  const day = localDayAt(timeZone, start);
  const minute = minuteOfDayAt(timeZone, start);
  if (day === null || minute === null) return exact;
  return instantOf(timeZone, day - minutes / DAY_MINUTES, minute) ?? exact;
}
