import type { Appointments, ComingText, CsvDryRun, Visit } from '@baton/client';
import { DEFAULT_REMINDER_SETTINGS } from '@baton/clinical';
import type { Appointment, CsvMapping, ReminderSettings, Slot, WriteBack } from '@baton/wire';
import {
  FEED,
  HELD,
  MAPPING,
  MODEL,
  PREPARATIONS,
  RECALLS,
  SLOTS,
  VISITS,
  WAITING,
} from './appointment-data.ts';
import { GalleryFailure, pause } from './failure.ts';
import { LiveCell } from './live-cell.ts';
import { patients } from './patients.ts';
import { now, scenario } from './scenario.ts';

const HOUR = 3_600_000;
const isFull = scenario.state !== 'empty' && scenario.state !== 'loading';
const refuse = (): Promise<never> => Promise.reject(new GalleryFailure('server.not_ready'));

const visits = new LiveCell<readonly Visit[]>(isFull ? VISITS : []);
const slots = new LiveCell<readonly Slot[]>(isFull ? SLOTS : []);
const settings = new LiveCell<ReminderSettings | null>(
  isFull ? { ...DEFAULT_REMINDER_SETTINGS, on: true } : null,
);

async function change(id: string, edit: (visit: Appointment) => Appointment): Promise<void> {
  await pause(120);
  visits.change((all) =>
    all
      .map((visit) => {
        if (visit.appointment.id !== id) return visit;
        const appointment = edit(visit.appointment);
        return { ...visit, appointment, writeBack: writeBackOf(appointment) };
      })
      .sort((a, b) => a.appointment.start - b.appointment.start),
  );
}

function writeBackOf(appointment: Appointment): WriteBack | null {
  if (appointment.source.kind === 'hand') return null;
  const { status, answer, start, end } = appointment;
  return {
    t: 'write-back',
    appointment: appointment.id,
    status,
    answer: answer.state,
    start,
    end,
    at: now(),
    state: 'waiting',
    code: null,
    tries: 0,
  };
}

/** What would still be said, by the times of the cadence alone. */
function comingOf(ref: string): readonly ComingText[] {
  const mine = visits.read().filter(({ appointment }) => appointment.ref === ref);
  return mine.flatMap(({ appointment, record }) => {
    if (appointment.status !== 'booked' || appointment.start < now()) return [];
    const steps = settings.read()?.steps ?? [];
    return steps
      .filter(
        ({ active, anchor, to }) =>
          active &&
          anchor === 'before' &&
          (to === 'all' || (to === 'confirmed') === (appointment.answer.state === 'confirmed')),
      )
      .filter(({ id, to }) => to !== 'likely-no-show' && !record?.steps.some(({ step }) => step === id))
      .map((step) => ({
        step,
        appointments: [appointment.id],
        at: appointment.start - step.minutes * 60_000,
      }))
      .filter(({ at }) => at > now())
      .sort((a, b) => a.at - b.at);
  });
}

function dryRun(mapping: CsvMapping): CsvDryRun {
  const rows = VISITS.slice(0, 14).map(({ appointment, patient }, index) => ({
    line: index + 1,
    appointment: index % 6 === 2 ? null : appointment,
    patient: index % 6 === 2 ? null : patient,
    what: index % 6 === 2 ? ('error' as const) : index % 5 === 3 ? ('changed' as const) : ('new' as const),
    problems:
      index % 6 === 2
        ? [
            { field: 'mrn', value: '00912', code: 'patient-unknown' as const },
            ...(mapping.statuses['Left w/o being seen'] === undefined
              ? [{ field: 'status', value: 'Left w/o being seen', code: 'status' as const }]
              : []),
          ]
        : [],
  }));
  const count = (what: string): number => rows.filter((row) => row.what === what).length;
  return {
    columns: [
      'Appt ID',
      'MRN',
      'Patient',
      'DOB',
      'Date',
      'Time',
      'Duration',
      'Visit type',
      'Provider',
      'Status',
    ],
    rows,
    counts: { new: count('new'), changed: count('changed'), same: 0, error: count('error') },
  };
}

/** A practice's appointments, kept in memory. */
export const appointments: Appointments = {
  state: new LiveCell({ available: true, established: scenario.state !== 'empty', ready: isFull }),
  visits,
  slots,
  waitlist: new LiveCell(isFull ? WAITING : []),
  preparations: new LiveCell(isFull ? PREPARATIONS : []),
  settings,
  recalls: new LiveCell(isFull ? RECALLS : []),
  feeds: new LiveCell(isFull ? FEED : []),
  held: new LiveCell(isFull ? HELD : []),
  mappings: new LiveCell<readonly CsvMapping[]>([]),
  model: new LiveCell<ReturnType<Appointments['model']['read']>>(isFull ? MODEL : null),
  comparison: new LiveCell<ReturnType<Appointments['comparison']['read']>>(
    isFull
      ? {
          since: now() - 60 * 24 * HOUR,
          extra: { visits: 412, noShows: 66 },
          usual: { visits: 398, noShows: 92 },
          difference: { value: 0.071, low: 0.016, high: 0.126 },
          sentence: {
            en: 'With the extra reminder 16.0 of 100 likely ones did not come, without it 23.1: about 7 fewer in 100.',
            es: 'Con el recordatorio adicional faltaron 16.0 de cada 100; sin él, 23.1: unas 7 menos de cada 100.',
          },
        }
      : null,
  ),
  of: (ref) => new LiveCell(visits.read().filter(({ appointment }) => appointment.ref === ref)),
  coming: comingOf,
  unreached: () => null,
  hasPrivacy: () => false,
  twinOf: () => null,
  mergeTwin: () => Promise.resolve(),
  establish: refuse,
  suggestSettings: () => DEFAULT_REMINDER_SETTINGS,
  async saveSettings(next) {
    await pause(120);
    settings.set(next);
  },
  newId: () => `new-${Math.trunc(visits.read().length + now() / 1000)}`,
  async book(wish) {
    await pause(150);
    const { slot, ...rest } = wish;
    const id = `new-${visits.read().length}`;
    const row = wish.ref === null ? null : patients.read(wish.ref);
    const appointment: Appointment = {
      t: 'appointment',
      id,
      ...rest,
      status: 'booked',
      answer: { state: 'none', at: null, by: null },
      slot,
      replaces: null,
      source: { kind: 'hand', system: null, version: now(), message: null },
      createdAt: now(),
      updatedAt: now(),
    };
    const visit: Visit = {
      appointment,
      patient: row === null ? null : [...row.given, row.family].join(' '),
      record: null,
      writeBack: null,
    };
    visits.change((all) => [...all, visit].sort((a, b) => a.appointment.start - b.appointment.start));
    return id;
  },
  change: (id, { answer, slot, ...rest }) =>
    change(id, (visit) => ({
      ...visit,
      ...rest,
      slot: slot ?? visit.slot,
      ...(answer === undefined ? {} : { answer: { state: answer, at: now(), by: 'patient' as const } }),
    })),
  setStatus: (id, status) => change(id, (visit) => ({ ...visit, status })),
  async saveSlot(slot) {
    await pause(120);
    slots.change((all) =>
      [...all.filter(({ id }) => id !== slot.id), slot].sort((a, b) => a.start - b.start),
    );
  },
  savePreparation: refuse,
  wait: refuse,
  endWait: refuse,
  keepWaiting: refuse,
  saveRecall: refuse,
  overdue: () =>
    patients.rows
      .read()
      .slice(0, 42)
      .map(({ ref, name }, index) => ({ ref, name, lastAt: now() - (900 - index) * 24 * HOUR })),
  readCsv: (_text, mapping) => dryRun(mapping),
  suggestMapping: (text) => (text.includes(',') ? MAPPING : null),
  saveMapping: refuse,
  async importCsv(_run, _mapping, progress = () => {}) {
    for (let done = 0; done <= 10; done += 1) {
      progress(done, 10);
      await pause(60);
    }
  },
  resolveHeld: refuse,
  defaults: { askTo: null },
};
