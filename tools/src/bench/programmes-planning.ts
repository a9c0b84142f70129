import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DEFAULT_REMINDER_STEPS, type PlannedStep, planReminders, type ReminderReach } from '@baton/clinical';
import { DAY_MS, MINUTE_MS } from '@baton/kernel';
import { LAWFUL_HOURS, planTextTime } from '@baton/policy';
import type { Appointment, ReminderRecord } from '@baton/wire';

// Everything that a practice's visits still call for, planned at once, as after a start of the reminders assistant.

const APPOINTMENTS = 100_000;
const AHEAD_DAYS = 60;
/** Two of them change their clocks within those days. */
const NOW_MS = Date.parse('2026-10-12T15:00:00Z');
const ZONES = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix'];
const SETTINGS = { on: true, mergeSameDay: true, steps: DEFAULT_REMINDER_STEPS };
const STEPS = DEFAULT_REMINDER_STEPS.filter(({ active }) => active);
const ROUNDS = 3;

export interface PlanningFigures {
  readonly appointments: number;
  readonly patients: number;
  readonly planned: number;
  /** The quickest of some rounds, and the first, which comes upon cold code. */
  readonly ms: number;
  readonly firstMs: number;
  /** The same visits and steps passed over: one subtraction and one comparison each, kept and sorted for each patient. */
  readonly bareMs: number;
  /** Of the visits; of the plan beside them when all of it is kept; and with what was not collected yet when it was done. */
  readonly visitsMiB: number;
  readonly planMiB: number;
  readonly mostMiB: number;
}

interface Patient {
  readonly visits: readonly Appointment[];
  readonly reach: ReminderReach;
  readonly timeZone: string;
}

export function benchPlanning(): PlanningFigures {
  const collect = garbageCollector();
  const emptyBytes = collect();
  const records = new Map<string, ReminderRecord>();
  const patients = makePatients(records);
  const visitsBytes = collect() - emptyBytes;
  const rounds = Array.from({ length: ROUNDS }, () => planAll(patients, { records, collect }));
  const [first] = rounds;
  if (first === undefined || first.planned === 0) throw new Error('nothing was planned');
  const bare = Array.from({ length: ROUNDS }, () => passOver(patients));
  return {
    appointments: APPOINTMENTS,
    patients: patients.length,
    planned: first.planned,
    ms: Math.min(...rounds.map(({ ms }) => ms)),
    firstMs: first.ms,
    bareMs: Math.min(...bare),
    visitsMiB: visitsBytes / 2 ** 20,
    planMiB: Math.max(...rounds.map(({ keptBytes }) => keptBytes)) / 2 ** 20,
    mostMiB: Math.max(...rounds.map(({ mostBytes }) => mostBytes)) / 2 ** 20,
  };
}

function planAll(
  patients: readonly Patient[],
  by: { readonly records: ReadonlyMap<string, ReminderRecord>; readonly collect: () => number },
) {
  const beforeBytes = by.collect();
  const from = performance.now();
  const plans = patients.map((patient) => planOf(patient, by.records));
  const ms = performance.now() - from;
  const mostBytes = process.memoryUsage().heapUsed - beforeBytes;
  const keptBytes = by.collect() - beforeBytes;
  // Counted last: until then all of it is kept.
  const planned = plans.reduce((sum, plan) => sum + plan.length, 0);
  return { ms, mostBytes, keptBytes, planned };
}

function planOf(
  { visits, reach, timeZone }: Patient,
  records: ReadonlyMap<string, ReminderRecord>,
): readonly PlannedStep[] {
  return planReminders({
    settings: SETTINGS,
    visits,
    records,
    reach,
    quiet: {
      goesAt: (wantedMs, mayMoveEarlier) =>
        planTextTime({ timeZone, wantedMs, nowMs: NOW_MS, hours: LAWFUL_HOURS, mayMoveEarlier }),
    },
    nowMs: NOW_MS,
    risk: null,
  });
}

function passOver(patients: readonly Patient[]): number {
  const from = performance.now();
  const kept = patients.map(({ visits }) => {
    const own: { visit: Appointment; atMs: number }[] = [];
    for (const visit of visits)
      for (const { minutes } of STEPS) {
        const atMs = visit.start - minutes * MINUTE_MS;
        if (atMs >= NOW_MS) own.push({ visit, atMs });
      }
    return own.sort((a, b) => a.atMs - b.atMs);
  });
  const tookMs = performance.now() - from;
  if (kept.length !== patients.length) throw new Error('somebody was passed over');
  return tookMs;
}

/** Of one to four visits, spread evenly; a third confirmed, a fifth reminded of already, some on one day. */
function makePatients(records: Map<string, ReminderRecord>): readonly Patient[] {
  const patients: Patient[] = [];
  let made = 0;
  for (let index = 0; made < APPOINTMENTS; index += 1) {
    const timeZone = ZONES[index % ZONES.length] as string;
    const visits: Appointment[] = [];
    const wanted = Math.min(1 + (index % 4), APPOINTMENTS - made);
    for (let each = 0; each < wanted; each += 1, made += 1) {
      const visit = makeVisit({ index: made, patient: index, timeZone });
      visits.push(visit);
      if (made % 5 !== 0) continue;
      const sent = { step: 'three-days', start: visit.start, state: 'sent', at: NOW_MS - DAY_MS } as const;
      records.set(visit.id, {
        t: 'sent',
        appointment: visit.id,
        steps: [{ ...sent, message: null, note: null }],
        score: null,
      });
    }
    patients.push({ visits, timeZone, reach: reachOf(index) });
  }
  return patients;
}

function makeVisit(of: {
  readonly index: number;
  readonly patient: number;
  readonly timeZone: string;
}): Appointment {
  const { index, patient, timeZone } = of;
  // Primes far apart: days and quarters of an hour in no order, the same in every run.
  const day = (index * 7919) % AHEAD_DAYS;
  const quarter = (index * 104_729) % 36;
  const start = NOW_MS + day * DAY_MS + quarter * 15 * MINUTE_MS;
  return {
    t: 'appointment',
    id: `bench/${index}`,
    ref: `Patient/bench-${patient}`,
    status: 'booked',
    start,
    end: start + 30 * MINUTE_MS,
    timeZone,
    service: { code: null, text: 'Follow-up' },
    practitioner: { code: `p${index % 40}`, text: `Dr. ${index % 40}` },
    location: 'Suite 200',
    reason: null,
    preparation: null,
    answer:
      index % 3 === 0
        ? { state: 'confirmed', at: NOW_MS - DAY_MS, by: 'patient' }
        : { state: 'none', at: null, by: null },
    slot: null,
    replaces: null,
    source: { kind: 'fhir', system: 'bench', version: index, message: null },
    createdAt: NOW_MS - 30 * DAY_MS,
    updatedAt: NOW_MS - 30 * DAY_MS,
  };
}

/** Every other one without a consent, so that the cap holds. */
function reachOf(index: number): ReminderReach {
  return {
    deceased: false,
    doNotContact: false,
    optedOut: false,
    channel: index % 2 === 0 ? 'plain' : 'link',
    hasPage: true,
    language: index % 4 === 0 ? 'es' : 'en',
    mayAsk: true,
    cap: index % 2 === 0 ? null : { perDay: 1, perWeek: 3, contacts: [] },
  };
}

/** Answers what is used on the heap after nothing is left to collect. */
function garbageCollector(): () => number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  return () => {
    gc();
    return process.memoryUsage().heapUsed;
  };
}
