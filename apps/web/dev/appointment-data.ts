import type { Visit } from '@baton/client';
import type {
  Appointment,
  CsvMapping,
  Feed,
  HeldMessage,
  NoShowModel,
  Preparation,
  Recall,
  ReminderRecord,
  Slot,
  WaitEntry,
} from '@baton/wire';
import { Dice } from './dice.ts';
import { patients } from './patients.ts';
import { ME } from './people.ts';
import { now } from './scenario.ts';

// What a practice's schedule looks like on a Friday afternoon: most confirmed, some not, one moved, one cancelled, one that the feed could not place.

const dice = new Dice(11);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = 'America/New_York';
const SERVICES = [
  'Follow-up',
  'Oncology follow-up with infusion teaching and port check',
  'New patient',
  'Annual visit',
  'Lab draw',
];
const PROVIDERS = ['Luz Rivera', 'Dr. Bartholomew Featherstonehaugh-Nakamura', 'Sam Okafor'];
const MINUTE = 60_000;

const people = patients.rows.read().filter(({ deceased }) => !deceased);
const dayStart = Math.floor(now() / DAY) * DAY + 13 * HOUR;

const named = (text: string) => ({ code: null, text });
const nameOf = (ref: string): string => {
  const record = patients.read(ref);
  return record === null ? ref : [...record.given, record.family].join(' ');
};

function visit(index: number, start: number): Visit {
  const ref = people[index * 3]?.ref ?? null;
  const roll = dice.next();
  const past = start < now();
  const status: Appointment['status'] = past
    ? roll < 0.15
      ? 'noshow'
      : roll < 0.8
        ? 'fulfilled'
        : 'booked'
    : roll < 0.1
      ? 'cancelled'
      : 'booked';
  const answer =
    !past && roll >= 0.1 ? (roll < 0.55 ? 'confirmed' : roll < 0.65 ? 'reschedule' : 'none') : 'none';
  const isKnown = index % 13 !== 7;
  const appointment: Appointment = {
    t: 'appointment',
    id: `visit-${index}`,
    ref: isKnown ? ref : null,
    status,
    start,
    end: start + 30 * MINUTE,
    timeZone: ZONE,
    service: named(dice.pick(SERVICES)),
    practitioner: named(dice.pick(PROVIDERS)),
    location: `Room ${1 + dice.below(6)}`,
    reason: dice.chance(0.3) ? 'Asked for the interpreter' : null,
    preparation: null,
    answer: {
      state: answer,
      at: answer === 'none' ? null : start - 2 * DAY,
      by: answer === 'none' ? null : 'patient',
    },
    slot: null,
    replaces: null,
    source: {
      kind: index % 4 === 0 ? 'hand' : 'hl7v2',
      system: index % 4 === 0 ? null : 'EPIC',
      version: 1,
      message: null,
    },
    createdAt: start - 20 * DAY,
    updatedAt: start - 2 * DAY,
  };
  return {
    appointment,
    patient: isKnown && ref !== null ? nameOf(ref) : null,
    record: recordOf(appointment),
    writeBack:
      answer === 'none' || appointment.source.kind === 'hand'
        ? null
        : {
            t: 'write-back',
            appointment: appointment.id,
            status,
            answer,
            start,
            end: appointment.end,
            at: start - 2 * DAY,
            state: index % 9 === 3 ? 'refused' : 'taken',
            code: null,
            tries: 1,
          },
  };
}

function recordOf({ id, start }: Appointment): ReminderRecord | null {
  const sentAt = start - 3 * DAY;
  if (sentAt > now()) return null;
  const second = start - DAY;
  const step = (name: string, at: number, state: 'sent' | 'skipped', note: string | null) => ({
    step: name,
    start,
    at,
    state,
    note,
    message: null,
  });
  return {
    t: 'sent',
    appointment: id,
    steps: [
      step('three-days', sentAt, 'sent', null),
      ...(second < now()
        ? [
            dice.chance(0.3)
              ? step('one-day', second, 'skipped', 'cap')
              : step('one-day', second, 'sent', null),
          ]
        : []),
    ],
    score: null,
  };
}

export const VISITS: readonly Visit[] = Array.from({ length: 96 }, (_, index) =>
  visit(index, dayStart + (Math.floor(index / 16) - 2) * DAY + (index % 16) * 30 * MINUTE),
).sort((a, b) => a.appointment.start - b.appointment.start);

export const SLOTS: readonly Slot[] = Array.from({ length: 18 }, (_, index) => {
  const start = dayStart + (1 + Math.floor(index / 6)) * DAY + (index % 6) * 30 * MINUTE;
  const ref = people[index]?.ref ?? 'Patient/1';
  const state = index % 6 === 1 ? 'booked' : index % 6 === 3 ? 'held' : index === 10 ? 'closed' : 'free';
  return {
    t: 'slot',
    id: `slot-${index}`,
    start,
    end: start + 30 * MINUTE,
    timeZone: ZONE,
    service: named(index % 2 === 0 ? 'Follow-up' : 'New patient'),
    practitioner: named(dice.pick(PROVIDERS)),
    location: 'Room 2',
    state,
    holder:
      state === 'booked'
        ? { kind: 'appointment', id: `visit-${index}`, ref, until: null }
        : state === 'held'
          ? { kind: 'offer', id: `offer-${index}`, ref, until: now() + 2 * HOUR }
          : null,
    updatedAt: now(),
  };
});

export const WAITING: readonly WaitEntry[] = [0, 1, 2, 3].map((index) => ({
  t: 'wait',
  id: `wait-${index}`,
  ref: people[index + 4]?.ref ?? 'Patient/1',
  service: named('Follow-up'),
  practitioner: index === 1 ? named('Luz Rivera') : null,
  from: index === 2 ? now() + 2 * DAY : null,
  until: index === 2 ? now() + 30 * DAY : null,
  priority: index === 0 ? 0 : 5,
  addedAt: now() - (9 - index) * DAY,
  by: ME.id,
  appointment: index === 1 ? 'visit-90' : null,
  state: index === 3 ? 'booked' : index === 0 ? 'offered' : 'waiting',
  offers:
    index === 0
      ? [{ id: 'o1', slot: 'slot-3', at: now() - 20 * MINUTE, until: now() + 100 * MINUTE, outcome: 'open' }]
      : index === 1
        ? [
            {
              id: 'o2',
              slot: 'slot-1',
              at: now() - 2 * DAY,
              until: now() - 2 * DAY + 2 * HOUR,
              outcome: 'lapsed',
            },
          ]
        : index === 3
          ? [{ id: 'o3', slot: 'slot-7', at: now() - DAY, until: now() - DAY + 2 * HOUR, outcome: 'taken' }]
          : [],
}));

export const PREPARATIONS: readonly Preparation[] = [
  {
    t: 'preparation',
    id: 'labs',
    name: 'Fasting labs',
    service: 'Lab draw',
    text: {
      en: 'Do not eat after midnight. Water is fine.',
      es: 'No coma después de la medianoche. Puede beber agua.',
    },
    active: true,
  },
];

export const RECALLS: readonly Recall[] = (['running', 'draft'] as const).map((state, index) => ({
  t: 'recall',
  id: `recall-${index}`,
  name: index === 0 ? 'Annual visits 2026' : 'Eye checks',
  service: named('Annual visit'),
  overdueDays: 365,
  text: {
    en: 'Hi {given}. It is time for your yearly visit.',
    es: 'Hola, {given}. Es hora de su visita anual.',
  },
  perDay: 20,
  state,
  by: ME.id,
  createdAt: now() - 4 * DAY,
  reached:
    index === 0
      ? people.slice(0, 30).map(({ ref }, place) => ({
          ref,
          at: now() - DAY,
          outcome:
            place % 5 === 0
              ? ('booked' as const)
              : place % 7 === 0
                ? ('declined' as const)
                : ('sent' as const),
        }))
      : [],
}));

export const FEED: readonly Feed[] = [
  {
    t: 'feed',
    id: 'hl7',
    kind: 'hl7v2',
    lastAt: now() - 4 * MINUTE,
    taken: 18_244,
    refused: 3,
    problems: [{ at: now() - 3 * HOUR, code: 'missing-field', message: 'SCH-2 is missing' }],
  },
];

export const HELD: readonly HeldMessage[] = [
  {
    t: 'held',
    id: 'held-1',
    feed: 'hl7',
    at: now() - 2 * HOUR,
    until: now() + 22 * HOUR,
    code: 'unknown-patient',
    raw: [
      'MSH|^~\\&|EPIC|HOSP|BATON|HOSP|20261120101500-0500||SIU^S12^SIU_S12|MSG00042|P|2.5.1',
      'SCH|PL55^EPIC|FILL7781^EPIC||||FOLLOWUP^Follow up|FOLLOWUP|NORMAL|30|MIN|^^30^20261124103000-0500^20261124110000-0500|||||||||||||||Booked',
      'PID|1||00042^^^HOSP^MR||Okafor^Ada^N||19580314|F',
    ].join('\r'),
    ref: null,
  },
  {
    t: 'held',
    id: 'held-2',
    feed: 'hl7',
    at: now() - 5 * HOUR,
    until: now() - HOUR,
    code: 'missing-field',
    raw: 'MSH|^~\\&|EPIC|HOSP|BATON|HOSP',
    ref: null,
  },
];

export const MAPPING: CsvMapping = {
  t: 'csv-mapping',
  id: 'schedule',
  name: 'Schedule',
  columns: {
    id: 'Appt ID',
    mrn: 'MRN',
    name: 'Patient',
    birthDate: 'DOB',
    date: 'Date',
    time: 'Time',
    minutes: 'Duration',
    service: 'Visit type',
    practitioner: 'Provider',
    status: 'Status',
  },
  timeZone: ZONE,
  dateFormat: 'MM/dd/yyyy',
  statuses: { Scheduled: 'booked', 'No Show': 'noshow' },
};

export const MODEL: NoShowModel = {
  t: 'no-show-model',
  id: 'model-1',
  trainedAt: now() - 6 * HOUR,
  visits: 4120,
  noShows: 512,
  off: null,
  intercept: -2.31,
  weights: [
    { feature: 'lead-time', weight: 0.42, mean: 2.4 },
    { feature: 'missed-share', weight: 0.91, mean: 0.11 },
    { feature: 'before-nine', weight: -0.38, mean: 0.21 },
    { feature: 'confirmed-share', weight: -1.12, mean: 0.48 },
  ],
  calibration: [
    { from: 0, to: 0.1, visits: 620, predicted: 0.06, observed: 0.05 },
    { from: 0.1, to: 0.2, visits: 340, predicted: 0.14, observed: 0.15 },
    { from: 0.2, to: 0.3, visits: 120, predicted: 0.24, observed: 0.22 },
    { from: 0.3, to: 0.5, visits: 60, predicted: 0.37, observed: 0.41 },
  ],
  auc: 0.74,
  brier: 0.098,
};
