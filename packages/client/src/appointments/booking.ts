import { writeBackOf } from '@baton/clinical';
import { encodeHex, type TimestampMs } from '@baton/kernel';
import type { Appointment, Slot } from '@baton/wire';
import type { Appointments } from '../api/appointments.ts';
import { ClientError } from '../failure.ts';
import type { AppointmentBook } from './appointment-book.ts';
import type { AppointmentPorts } from './appointment-ports.ts';
import type { AppointmentValues } from './appointment-values.ts';
import { type AppointmentChange, changeAppointment, isGivenUp } from './change-appointment.ts';

type Wish = Parameters<Appointments['book']>[0];

/** A slot is kept for a booking while the visit is written; if that breaks off, it is free again after this time. */
const HOLD_MS = 2 * 60_000;

/**
 * Visits made and changed by people. A slot belongs to whoever sets its holder by compare-and-set; the visit is written while the slot is held for it, so that
 * neither is ever there for two patients.
 */
export class Booking {
  readonly #ports: Pick<AppointmentPorts, 'me' | 'rng' | 'clock'>;
  readonly #values: AppointmentValues;
  readonly #book: AppointmentBook;

  constructor(
    ports: Pick<AppointmentPorts, 'me' | 'rng' | 'clock'>,
    parts: { readonly values: AppointmentValues; readonly book: AppointmentBook },
  ) {
    this.#ports = ports;
    this.#values = parts.values;
    this.#book = parts.book;
  }

  newId(): string {
    return encodeHex(this.#ports.rng.bytes(10));
  }

  async make({ slot: slotId, ...wish }: Wish): Promise<string> {
    const id = this.newId();
    const { ref } = wish;
    if (slotId !== null && ref === null) throw new ClientError('request.invalid', 'appointment.ref');
    const slot = slotId === null || ref === null ? null : await this.#hold(slotId, { id, ref });
    const nowMs = this.#ports.clock.nowMs();
    const appointment: Appointment = {
      t: 'appointment',
      id,
      ...wish,
      slot: null,
      ...(slot && timesOf(slot)),
      status: 'booked',
      answer: { state: 'none', at: null, by: null },
      replaces: null,
      source: { kind: slot ? 'slot' : 'hand', system: null, version: nowMs, message: null },
      createdAt: nowMs,
      updatedAt: nowMs,
    };
    if (appointment.end <= appointment.start) throw new ClientError('request.invalid', 'appointment.end');
    await this.#values.save(appointment);
    if (slotId !== null) await this.#settle(slotId, { ...appointment, status: 'entered-in-error' });
    return id;
  }

  async change(id: string, { slot: wished, ...change }: AppointmentChange): Promise<void> {
    const known = this.#book.appointment(id);
    if (!known) throw new ClientError('request.not_found', 'appointment');
    const { me, clock } = this.#ports;
    const taken = wished ?? slotOfRevived(known, change);
    const held = taken === null ? null : await this.#hold(taken, { id, ref: requireRef(known) });
    let before: Appointment | null = null;
    let after: Appointment | null = null;
    await this.#values.change('appointment', `appointment:${id}`, (newest) => {
      before = newest ?? known;
      const times = held && wished !== undefined ? timesOf(held) : {};
      after = changeAppointment(before, { ...change, ...times }, { me, nowMs: clock.nowMs() });
      return after;
    });
    if (taken !== null) await this.#settle(taken, before ?? known);
    if (before !== null && after !== null) await this.#follow(before, after);
  }

  /** What a change brings with it: the time is free again, and the source hears of it. */
  async #follow(before: Appointment, after: Appointment): Promise<void> {
    const gaveUp = isGivenUp(after.status) || after.slot !== before.slot;
    if (before.slot !== null && gaveUp) await this.#release(before.slot, before.id);
    // A visit that was made here has no source that should hear of it.
    if (after.source.kind === 'hand' || isOursOnly(before, after)) return;
    await this.#values.save(writeBackOf(after, this.#ports.clock.nowMs()));
  }

  async #hold(slotId: string, who: { readonly id: string; readonly ref: string }): Promise<Slot> {
    let held: Slot | null = null;
    await this.#values.change('slot', `slot:${slotId}`, (slot) => {
      const nowMs = this.#ports.clock.nowMs();
      if (!slot || !isOpenTo(slot, who, nowMs)) throw takenError();
      held = {
        ...slot,
        state: 'held',
        holder: { kind: 'appointment', ...who, until: nowMs + HOLD_MS },
        updatedAt: nowMs,
      };
      return held;
    });
    if (!held) throw takenError();
    return held;
  }

  /** The visit is written: the slot is its own for good. Where writing took so long that somebody else has it now, the visit is as `otherwise` says. */
  async #settle(slotId: string, otherwise: Appointment): Promise<void> {
    const { id } = otherwise;
    let isMine = false;
    await this.#values.change('slot', `slot:${slotId}`, (slot) => {
      isMine = slot?.holder?.kind === 'appointment' && slot.holder.id === id;
      if (!slot?.holder || !isMine) return null;
      return {
        ...slot,
        state: 'booked',
        holder: { ...slot.holder, until: null },
        updatedAt: this.#ports.clock.nowMs(),
      };
    });
    if (isMine) return;
    await this.#values.save({ ...otherwise, updatedAt: this.#ports.clock.nowMs() });
    throw takenError();
  }

  async #release(slotId: string, id: string): Promise<void> {
    await this.#values.change('slot', `slot:${slotId}`, (slot) => {
      if (slot?.holder?.kind !== 'appointment' || slot.holder.id !== id) return null;
      return { ...slot, state: 'free', holder: null, updatedAt: this.#ports.clock.nowMs() };
    });
  }
}

/** Free, left over, or kept for this very patient or visit. */
export function isOpenTo(
  { state, holder }: Pick<Slot, 'state' | 'holder'>,
  who: { readonly id: string; readonly ref: string },
  nowMs: TimestampMs,
): boolean {
  if (state === 'free') return true;
  if (holder?.kind === 'appointment' && holder.id === who.id) return state !== 'closed';
  if (state !== 'held') return false;
  return (
    holder === null ||
    (holder.until !== null && holder.until <= nowMs) ||
    (holder.kind !== 'appointment' && holder.ref === who.ref)
  );
}

/** Back to life, as when a cancellation is undone: only while nobody else has the time. */
function slotOfRevived(known: Appointment, { status }: Omit<AppointmentChange, 'slot'>): string | null {
  return status !== undefined && isGivenUp(known.status) && !isGivenUp(status) ? known.slot : null;
}

/** Who may know of a visit is nothing that its source has. */
function isOursOnly(before: Appointment, after: Appointment): boolean {
  const bare = ({ shareable: _ours, updatedAt: _at, ...rest }: Appointment): string => JSON.stringify(rest);
  return before.shareable !== after.shareable && bare(before) === bare(after);
}

function requireRef({ ref }: Appointment): string {
  if (ref === null) throw new ClientError('request.invalid', 'appointment.ref');
  return ref;
}

function timesOf({ id, start, end, timeZone, practitioner, location }: Slot) {
  return { slot: id, start, end, timeZone, practitioner, location };
}

function takenError(): ClientError {
  return new ClientError('policy.forbidden', 'slot', {
    sentence: 'Somebody else has this time now. Choose another one.',
  });
}
