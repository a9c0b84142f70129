import { toEnrolledPatient } from '@baton/client';
import {
  canonicalProtocol,
  dateOf,
  dayNumber,
  EXAMPLE_PROTOCOLS,
  type Protocol,
  type Question,
} from '@baton/clinical';
import type { EventId } from '@baton/kernel';
import type { CheckInAlert, CheckInRun, Enrolment, ProtocolVersion, Regimen } from '@baton/wire';
import { dice } from './dice.ts';
import { PERSONAS } from './people.ts';
import { patients } from './patients.ts';
import { now } from './scenario.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const DAYS = 56;

const today = dayNumber(new Date(now()).toISOString().slice(0, 10)) ?? 0;

export const EXAMPLES: readonly Protocol[] = EXAMPLE_PROTOCOLS;

export function versionOf(
  protocol: Protocol,
  version: number,
  state: ProtocolVersion['state'],
): ProtocolVersion {
  return {
    t: 'protocol',
    id: protocol.id,
    version,
    name: protocol.name.en,
    state,
    body: canonicalProtocol(protocol),
    hash: new Uint8Array(32).fill(version * 17),
    updatedAt: now() - 40 * DAY,
    by: PERSONAS.manager.id,
  };
}

const REGIMEN: Regimen = {
  drug: 'Capecitabine',
  order: 'MedicationRequest/4711',
  version: 2,
  cycleStart: dateOf(today - 8),
  cycleDays: 21,
  onDays: Array.from({ length: 14 }, (_, day) => day + 1),
  cycles: 8,
  times: (['morning', 'evening'] as const).map((id) => ({
    id,
    doses: [
      { strengthMg: 500, tablets: 3 },
      { strengthMg: 150, tablets: id === 'morning' ? 2 : 1 },
    ],
  })),
  holds: [],
  reviewBy: dateOf(today + 13),
  confirmedBy: PERSONAS.nurse.id,
  confirmedAt: now() - 8 * DAY,
};

interface Plot {
  readonly ref: string;
  readonly protocol: Protocol;
  /** How often nobody answers, and how often something is wrong. */
  readonly silence: number;
  readonly trouble: number;
  readonly silentSince: number;
}

const stepOf = (question: Question, at: number, branch: Question['branches'][number]) => ({
  at,
  node: question.id,
  kind: 'answer' as const,
  message: null,
  value: valueOf(question, branch),
  grade: branch.grade?.grade ?? null,
});

function valueOf({ kind, unit }: Question, { when, band }: Question['branches'][number]) {
  if (when.t === 'code') return { code: when.codes[0] ?? 'said', number: null, second: null, unit: null };
  if (kind === 'blood-pressure')
    return { code: kind, number: 118 + dice.below(50), second: 70 + dice.below(35), unit: 'mm[Hg]' };
  if (kind === 'temperature')
    return {
      code: kind,
      number: 36 + (band === 'red' ? 2.4 : dice.below(10) / 10),
      second: null,
      unit: 'Cel',
    };
  return { code: kind, number: dice.below(band === 'green' ? 3 : 8), second: null, unit };
}

function makeRun(plot: Plot, enrolment: EventId, ago: number): CheckInRun {
  const { protocol, ref } = plot;
  const startedAt = now() - ago * DAY - 5 * HOUR;
  const isSilent = ago <= plot.silentSince || dice.chance(plot.silence);
  const asked = protocol.questions.slice(0, 2 + dice.below(4));
  const steps: CheckInRun['steps'][number][] = [];
  let band: 'green' | 'amber' | 'red' = 'green';
  for (const [index, question] of asked.entries()) {
    const at = startedAt + index * 240_000;
    steps.push({ at, node: question.id, kind: 'ask', message: null, value: null, grade: null });
    if (isSilent) break;
    const bad = question.branches.filter((branch) => branch.band !== 'green');
    const good = question.branches.filter((branch) => branch.band === 'green');
    const branch = dice.chance(plot.trouble) && bad.length > 0 ? dice.pick(bad) : (good[0] ?? dice.pick(bad));
    if (branch.band !== 'green' && band !== 'red') band = branch.band;
    steps.push(stepOf(question, at + 120_000, branch));
  }
  return {
    t: 'run',
    enrolment,
    ref,
    date: dateOf(today - ago),
    slot: protocol.slots[0]?.id ?? 'morning',
    protocol: { id: protocol.id, version: 1 },
    startedAt,
    state: '{}',
    steps,
    outcome: isSilent ? 'silent' : band === 'green' ? 'advised' : 'alerted',
    band: isSilent ? null : band,
    endedAt: startedAt + HOUR,
  };
}

function makeAlert(run: CheckInRun, change: Partial<CheckInAlert> = {}): CheckInAlert {
  const at = run.startedAt + 900_000;
  const took = (20 + dice.below(200)) * 60_000;
  return {
    t: 'alert',
    id: dice.id('event'),
    enrolment: run.enrolment,
    ref: run.ref,
    date: run.date,
    at,
    band: run.band === 'red' ? 'red' : 'amber',
    reason: 'Says that loose stools are 5 more than usual since yesterday',
    line: 'stools: 4 to 6 more than usual, or at night',
    kind: 'symptom',
    message: null,
    callBackBy: at + 4 * HOUR,
    act: {
      way: dice.pick(['call', 'call', 'call', 'video', 'visit', 'message', 'none']),
      by: PERSONAS.nurse.id,
      chosenAt: at + took / 2,
      doneAt: at + took,
      appointment: null,
      note: '',
    },
    patientSays: dice.pick(['urgent', 'can-wait', null]),
    nurseSays: dice.pick(['useful', 'useful', 'not-useful', null]),
    shadow: null,
    ...change,
  };
}

const PEOPLE = 14;

function plots(): readonly Plot[] {
  const rows = patients.rows.read().slice(0, PEOPLE);
  return rows.map(({ ref }, index) => ({
    ref,
    protocol: EXAMPLES[index % Math.min(2, EXAMPLES.length)] ?? (EXAMPLES[0] as Protocol),
    silence: index === 5 ? 0.5 : 0.08,
    trouble: index < 3 ? 0.4 : 0.06,
    silentSince: index === 4 ? 3 : -1,
  }));
}

function openAlerts(index: number, run: CheckInRun): readonly CheckInAlert[] {
  const open = { act: null, nurseSays: null };
  if (index === 0)
    return [
      makeAlert(run, {
        ...open,
        band: 'red',
        kind: 'fever',
        at: now() - 9 * 60_000,
        reason: 'Temperature 38.6 °C and shaking chills',
        line: 'temperature: fever from the site’s value',
        callBackBy: now() + 6 * 60_000,
        patientSays: 'urgent',
      }),
    ];
  if (index === 1)
    return [
      makeAlert(run, {
        ...open,
        at: now() - 5 * HOUR,
        callBackBy: now() - HOUR,
        act: {
          way: 'visit',
          by: PERSONAS.physician.id,
          chosenAt: now() - 4 * HOUR,
          doneAt: null,
          appointment: null,
          note: 'Bring the pill box.',
        },
      }),
    ];
  if (index === 2) return [makeAlert(run, { ...open, at: now() - HOUR, callBackBy: now() + 3 * HOUR })];
  return [];
}

export function makeCohort(documents: (id: string, version: number) => Protocol | null) {
  return plots().map((plot, index) => {
    const id = dice.id('event');
    const needsPlan = plot.protocol.regimen === 'required';
    const enrolment: Enrolment = {
      t: 'enrolment',
      id,
      ref: plot.ref,
      protocol: { id: plot.protocol.id, version: 1, hash: new Uint8Array(32).fill(17) },
      consent: dice.id('event'),
      language: index % 4 === 1 ? 'es' : 'en',
      timeZone: 'America/New_York',
      times: Object.fromEntries(plot.protocol.slots.map((slot) => [slot.id, slot.minute])),
      proxy: null,
      startsOn: dateOf(today - DAYS),
      state: index === 7 ? 'paused' : index === 12 ? 'invited' : index === 13 ? 'ended' : 'active',
      reason: index === 7 ? 'In hospital until Monday' : null,
      since: now() - DAY,
      resumesOn: index === 7 ? dateOf(today + 3) : null,
      regimen: needsPlan ? REGIMEN : null,
      stale: index === 6 && needsPlan ? { since: now() - DAY, why: 'Dose lowered by Dr. Chen' } : null,
      settings: {},
      askTo: null,
      by: PERSONAS.nurse.id,
      createdAt: now() - DAYS * DAY,
    };
    const runs = index === 12 ? [] : Array.from({ length: DAYS }, (_, ago) => makeRun(plot, id, ago));
    const past = runs
      .slice(1)
      .filter(({ band }) => band === 'amber' || band === 'red')
      .map((run) => makeAlert(run));
    const [newest] = runs;
    const alerts = [...(newest ? openAlerts(index, newest) : []), ...past];
    const record = patients.read(plot.ref);
    const patient = record ? [...record.given, record.family].join(' ') : plot.ref;
    return toEnrolledPatient({ enrolment, patient, runs, alerts, protocol: documents, nowMs: now() });
  });
}
