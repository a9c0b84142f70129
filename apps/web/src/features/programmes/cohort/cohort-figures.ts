import { type Protocol, dateOf, dayNumber } from '@baton/clinical';
import { answersOf, askedIn, type EnrolledPatient, isOpenAlert } from '@baton/client';
import type { CheckInAlert, CheckInRun } from '@baton/wire';

/** One point of a plot: a week, named by its first day. */
export interface WeekPoint {
  /** ISO 8601 date. */
  readonly from: string;
  /** Share 0 to 1, or a count; null where nothing was asked. */
  readonly value: number | null;
  /** Of how many. */
  readonly of: number;
}

export interface BandDay {
  readonly date: string;
  readonly green: number;
  readonly amber: number;
  readonly red: number;
}

export interface SymptomSeries {
  /** Term of the protocol's grading, or the question. */
  readonly key: string;
  /** Patients with at least this grade, by week: the plots stand side by side, so they share weeks. */
  readonly weeks: readonly { readonly from: string; readonly mild: number; readonly severe: number }[];
}

export interface AlertFigures {
  readonly open: number;
  readonly red: number;
  readonly late: number;
  readonly done: number;
  /** Milliseconds; null before the first. */
  readonly medianCallBackMs: number | null;
  /** Of those that were done, in time. */
  readonly inTime: number;
  readonly ways: Readonly<Record<NonNullable<CheckInAlert['act']>['way'], number>>;
  readonly useful: number;
  readonly notUseful: number;
}

export type Documents = (id: string, version: number) => Protocol | null;

const WEEK = 7;

/** First days of the last `count` weeks; the last one ends today. */
export function weeksUpTo(today: string, count: number): readonly string[] {
  const last = dayNumber(today) ?? 0;
  return Array.from({ length: count }, (_, index) => dateOf(last - WEEK * (count - index) + 1));
}

/** Share of questions that were answered, by week. */
export function responseByWeek(
  lines: readonly EnrolledPatient[],
  weeks: readonly string[],
): readonly WeekPoint[] {
  return sharesByWeek(lines, weeks, (run) => askedIn(run).map(({ answered }) => answered));
}

/** Share of doses asked about that patients say were taken, by week. */
export function adherenceByWeek(
  lines: readonly EnrolledPatient[],
  weeks: readonly string[],
  documents: Documents,
): readonly WeekPoint[] {
  return sharesByWeek(lines, weeks, (run) => {
    const doses = questionsOf(documents, run, 'dose');
    return askedIn(run)
      .filter(({ node }) => doses.has(node))
      .map(({ code }) => code === 'taken');
  });
}

function sharesByWeek(
  lines: readonly EnrolledPatient[],
  weeks: readonly string[],
  of: (run: CheckInRun) => readonly boolean[],
): readonly WeekPoint[] {
  const counted = weeks.map(() => ({ yes: 0, all: 0 }));
  for (const run of lines.flatMap(({ runs }) => runs)) {
    const week = counted[weekOf(run.date, weeks)];
    if (!week) continue;
    const found = of(run);
    week.all += found.length;
    week.yes += found.filter(Boolean).length;
  }
  return weeks.map((from, index) => {
    const { yes = 0, all = 0 } = counted[index] ?? {};
    return { from, value: all === 0 ? null : yes / all, of: all };
  });
}

/** Check-ins of the last days by their worst answer. */
export function bandsByDay(
  lines: readonly EnrolledPatient[],
  today: string,
  days: number,
): readonly BandDay[] {
  const last = dayNumber(today) ?? 0;
  const dates = Array.from({ length: days }, (_, index) => dateOf(last - days + 1 + index));
  const counts = new Map(dates.map((date) => [date, { date, green: 0, amber: 0, red: 0 }]));
  for (const run of lines.flatMap(({ runs }) => runs)) {
    const day = counts.get(run.date);
    if (day && run.band !== null) day[run.band] += 1;
  }
  return [...counts.values()];
}

/** From this grade on it is shown as severe. */
const SEVERE = 3;

/** Patients with a graded symptom by week, the most frequent first. A patient counts once a week, with the worst. */
export function symptomsByWeek(
  lines: readonly EnrolledPatient[],
  weeks: readonly string[],
  documents: Documents,
): readonly SymptomSeries[] {
  const worst = new Map<string, Map<string, number>>();
  for (const { enrolment, runs } of lines)
    for (const run of runs) {
      const week = weekOf(run.date, weeks);
      if (week < 0) continue;
      const document = documents(run.protocol.id, run.protocol.version);
      for (const { node, grade } of answersOf(run, document)) {
        if (grade === null || grade === 0) continue;
        const key = termOf(document, node);
        const patients = worst.get(key) ?? new Map<string, number>();
        worst.set(key, patients);
        const place = `${week}|${enrolment.ref}`;
        patients.set(place, Math.max(grade, patients.get(place) ?? 0));
      }
    }
  return [...worst]
    .sort(([a, left], [b, right]) => right.size - left.size || (a < b ? -1 : 1))
    .map(([key, patients]) => ({
      key,
      weeks: weeks.map((from, index) => {
        const grades = [...patients]
          .filter(([place]) => place.startsWith(`${index}|`))
          .map(([, grade]) => grade);
        return {
          from,
          mild: grades.filter((grade) => grade < SEVERE).length,
          severe: grades.filter((grade) => grade >= SEVERE).length,
        };
      }),
    }));
}

/** What alerts became, and how fast. */
export function alertFigures(lines: readonly EnrolledPatient[], nowMs: number): AlertFigures {
  const alerts = lines.flatMap((line) => line.alerts);
  const open = alerts.filter(isOpenAlert);
  const done = alerts.flatMap(({ at, callBackBy, act }) =>
    act?.doneAt ? [{ tookMs: act.doneAt - at, inTime: act.doneAt <= callBackBy, way: act.way }] : [],
  );
  const ways = { call: 0, video: 0, visit: 0, message: 0, none: 0 };
  for (const { way } of done) ways[way] += 1;
  const spoken = done.filter(({ way }) => way !== 'none');
  return {
    open: open.length,
    red: open.filter(({ band }) => band === 'red').length,
    late: open.filter(({ callBackBy }) => callBackBy < nowMs).length,
    done: done.length,
    medianCallBackMs: medianOf(spoken.map(({ tookMs }) => tookMs)),
    inTime: done.filter(({ inTime }) => inTime).length,
    ways,
    useful: alerts.filter(({ nurseSays }) => nurseSays === 'useful').length,
    notUseful: alerts.filter(({ nurseSays }) => nurseSays === 'not-useful').length,
  };
}

export function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Share over everybody: of all that was asked, not a mean of patients' shares. */
export function overallShare(points: readonly WeekPoint[]): number | null {
  const all = points.reduce((sum, { of }) => sum + of, 0);
  if (all === 0) return null;
  return points.reduce((sum, { value, of }) => sum + (value ?? 0) * of, 0) / all;
}

function weekOf(date: string, weeks: readonly string[]): number {
  const [first] = weeks;
  const [day, start] = [dayNumber(date), first === undefined ? null : dayNumber(first)];
  if (day === null || start === null || day < start) return -1;
  const week = Math.floor((day - start) / WEEK);
  return week < weeks.length ? week : -1;
}

function questionsOf(documents: Documents, run: CheckInRun, kind: string): ReadonlySet<string> {
  const document = documents(run.protocol.id, run.protocol.version);
  return new Set(document?.questions.filter((question) => question.kind === kind).map(({ id }) => id));
}

function termOf(document: Protocol | null, node: string): string {
  const question = document?.questions.find(({ id }) => id === node);
  const term = question?.branches.find(({ grade }) => grade !== null)?.grade?.term;
  return (term && document?.grading?.terms[term]?.name) ?? term ?? node;
}
