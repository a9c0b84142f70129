import type { Protocol } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { CheckInAlert, CheckInRun, Enrolment } from '@baton/wire';
import type { EnrolledPatient } from '../api/programmes.ts';

const DAY_MS = 86_400_000;
/** Shares are of what was asked in this time. */
const SHARE_DAYS = 28;

export interface CohortInput {
  readonly enrolment: Enrolment;
  readonly patient: string;
  /** Newest first. */
  readonly runs: readonly CheckInRun[];
  /** Newest first. */
  readonly alerts: readonly CheckInAlert[];
  /** Of a version; null where it is not here or cannot be read. */
  readonly protocol: (id: string, version: number) => Protocol | null;
  readonly nowMs: TimestampMs;
}

/** One line of the cohort: shares, silence and the clock that runs. */
export function toEnrolledPatient(input: CohortInput): EnrolledPatient {
  const { enrolment, patient, runs, alerts, nowMs } = input;
  const recent = runs.filter(({ startedAt }) => startedAt > nowMs - SHARE_DAYS * DAY_MS);
  const asked = recent.flatMap(askedIn);
  const doses = asked.filter(({ run, node }) => isDose(input, run, node));
  return {
    enrolment,
    patient,
    runs,
    alerts,
    responseRate: shareOf(asked, ({ answered }) => answered),
    adherence: enrolment.regimen === null ? null : shareOf(doses, ({ code }) => code === 'taken'),
    silentDays: silentDaysOf(runs),
    dueBy: alerts
      .filter(isOpenAlert)
      .reduce<TimestampMs | null>(
        (soonest, { callBackBy }) => (soonest === null || callBackBy < soonest ? callBackBy : soonest),
        null,
      ),
  };
}

/** The clock of an alert runs until somebody has done what they chose to do. */
export function isOpenAlert({ act }: Pick<CheckInAlert, 'act'>): boolean {
  return act === null || act.doneAt === null;
}

/** A question of a run, and what became of it. */
export interface AskedQuestion {
  readonly run: CheckInRun;
  readonly node: string;
  /** The patient wrote something, understood or not. */
  readonly answered: boolean;
  /** Of the last answer that was understood. */
  readonly code: string | null;
}

/** Questions that a run asked, each once; the one that an open run waits for is not among them. */
export function askedIn(run: CheckInRun): readonly AskedQuestion[] {
  const found = new Map<string, AskedQuestion>();
  for (const { node, kind, value } of run.steps) {
    const known = found.get(node);
    if (kind === 'ask' || kind === 're-ask')
      found.set(node, known ?? { run, node, answered: false, code: null });
    if (known && (kind === 'answer' || kind === 'unclear'))
      found.set(node, { ...known, answered: true, code: value?.code ?? known.code });
  }
  return [...found.values()].filter(({ answered }) => answered || run.outcome !== 'open');
}

/** Days with a closed run and not one answer, counted back from the newest. */
export function silentDaysOf(runs: readonly CheckInRun[]): number {
  const days = new Map<string, boolean>();
  for (const run of runs) {
    const asked = askedIn(run);
    if (asked.length === 0) continue;
    days.set(run.date, days.get(run.date) === true || asked.some(({ answered }) => answered));
  }
  const newestFirst = [...days].sort(([a], [b]) => (a < b ? 1 : -1));
  const spoken = newestFirst.findIndex(([, answered]) => answered);
  return spoken < 0 ? newestFirst.length : spoken;
}

const ENDED = 4;

/** Worst first: open red, open amber by clock, silent, a plan that nobody stands for, then by name; those that ended come last. */
export function worstFirst(a: EnrolledPatient, b: EnrolledPatient): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  if (left !== right) return left - right;
  if (left <= 1) return (a.dueBy ?? 0) - (b.dueBy ?? 0) || a.patient.localeCompare(b.patient);
  if (a.silentDays !== b.silentDays && left < ENDED) return b.silentDays - a.silentDays;
  return a.patient.localeCompare(b.patient) || (a.enrolment.id < b.enrolment.id ? -1 : 1);
}

function rankOf({ enrolment, alerts, silentDays }: EnrolledPatient): number {
  const open = alerts.filter(isOpenAlert);
  if (open.some(({ band }) => band === 'red')) return 0;
  if (open.length > 0) return 1;
  if (enrolment.state === 'ended') return ENDED;
  return silentDays > 0 || enrolment.stale !== null ? 2 : 3;
}

function isDose({ protocol }: CohortInput, run: CheckInRun, node: string): boolean {
  const document = protocol(run.protocol.id, run.protocol.version);
  return document?.questions.some(({ id, kind }) => id === node && kind === 'dose') === true;
}

function shareOf<T>(all: readonly T[], counts: (one: T) => boolean): number | null {
  return all.length === 0 ? null : all.filter(counts).length / all.length;
}
