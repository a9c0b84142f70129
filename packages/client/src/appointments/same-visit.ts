import { isEndedStatus, isSameService, writeBackOf } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { Appointment, ReminderRecord } from '@baton/wire';
import type { AppointmentBook } from './appointment-book.ts';
import type { AppointmentValues } from './appointment-values.ts';

const MADE_HERE: ReadonlySet<Appointment['source']['kind']> = new Set(['hand', 'slot']);
const MOST_STEPS = 60;

/**
 * The line that seems to be the same visit: one was booked here and entered into the record system by hand, from where it came back under that system's own
 * id. Same patient, start and end, and no other practitioner; null where there is none, or several.
 */
export function twinOf(visit: Appointment, others: readonly Appointment[]): Appointment | null {
  if (isEndedStatus(visit.status)) return null;
  const found = others.filter(
    (other) =>
      other.ref !== null &&
      other.ref === visit.ref &&
      isMadeHere(other) !== isMadeHere(visit) &&
      !isEndedStatus(other.status) &&
      other.start === visit.start &&
      other.end === visit.end &&
      isSamePerson(other.practitioner, visit.practitioner),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}

function isMadeHere({ source }: Appointment): boolean {
  return MADE_HERE.has(source.kind);
}

function isSamePerson(a: Appointment['practitioner'], b: Appointment['practitioner']): boolean {
  return a === null || b === null || isSameService(a, b);
}

/**
 * Makes one visit of the two: the record system's stays, with what the patient answered, what was said, the slot and what only is known here. Each step
 * can be done again, so that one that broke off is done by trying once more.
 */
export async function mergeTwins(
  pair: readonly [Appointment, Appointment],
  {
    values,
    book,
    nowMs,
  }: {
    readonly values: AppointmentValues;
    readonly book: AppointmentBook;
    readonly nowMs: () => TimestampMs;
  },
): Promise<void> {
  const [here, there] = isMadeHere(pair[0]) ? pair : [pair[1], pair[0]];
  const said = book.get('sent', `sent:${here.id}`);
  if (said) await values.change('sent', `sent:${there.id}`, (newest) => joinRecords(newest, said, there.id));
  let after: Appointment | null = null;
  await values.change('appointment', `appointment:${there.id}`, (newest) => {
    after = newest && takeOver(newest, here, nowMs());
    return after;
  });
  const carried = after as Appointment | null;
  if (carried !== null && carried.answer.state !== there.answer.state)
    await values.save(writeBackOf(carried, nowMs()));
  if (here.slot !== null)
    await values.change('slot', `slot:${here.slot}`, (slot) =>
      slot?.holder?.id === here.id
        ? { ...slot, holder: { ...slot.holder, id: there.id }, updatedAt: nowMs() }
        : null,
    );
  for (const entry of book.all('wait'))
    if (entry.appointment === here.id)
      await values.change('wait', `wait:${entry.id}`, (newest) =>
        newest?.appointment === here.id ? { ...newest, appointment: there.id } : null,
      );
  await values.change('appointment', `appointment:${here.id}`, (newest) =>
    newest && newest.status !== 'entered-in-error'
      ? { ...newest, status: 'entered-in-error', slot: null, updatedAt: nowMs() }
      : null,
  );
}

/** The record system's visit with what only the one made here has; null: nothing changes. */
export function takeOver(there: Appointment, here: Appointment, nowMs: TimestampMs): Appointment | null {
  const next: Appointment = {
    ...there,
    answer: there.answer.state === 'none' ? here.answer : there.answer,
    slot: there.slot ?? here.slot,
    replaces: there.replaces ?? here.replaces,
    preparation: there.preparation ?? here.preparation,
    reason: there.reason ?? here.reason,
    ...(here.shareable === true && { shareable: true }),
  };
  return JSON.stringify(next) === JSON.stringify(there) ? null : { ...next, updatedAt: nowMs };
}

/** What was said of either; null: nothing changes. */
export function joinRecords(
  known: ReminderRecord | null,
  other: ReminderRecord,
  appointment: string,
): ReminderRecord | null {
  const before = known?.steps ?? [];
  const isKnown = (step: ReminderRecord['steps'][number]): boolean =>
    before.some((one) => one.step === step.step && one.start === step.start && one.message === step.message);
  const added = other.steps.filter((step) => !isKnown(step));
  if (added.length === 0) return null;
  const steps = [...before, ...added].sort((a, b) => a.at - b.at).slice(-MOST_STEPS);
  return { t: 'sent', appointment, steps, score: known?.score ?? other.score };
}
