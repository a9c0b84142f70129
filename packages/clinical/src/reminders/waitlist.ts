import { MINUTE_MS, type TimestampMs } from '@baton/kernel';
import type { Appointment, Slot, WaitEntry } from '@baton/wire';
import { isSameService } from '../appointments/appointment-status.ts';

/** Nobody can come at a moment's notice: an offer ends so long before its slot begins, */
const NOTICE_MS = 30 * MINUTE_MS;
/** and is not made where that leaves less than this to answer. */
const SHORTEST_OFFER_MS = 5 * MINUTE_MS;

export interface WaitlistFacts {
  readonly entries: readonly WaitEntry[];
  readonly nowMs: TimestampMs;
  readonly holdMinutes: number;
  /** Visit that an entry gives up; null: none, or not known. */
  readonly givesUp: (appointment: string) => Appointment | null;
  /** When texts may go to a patient again; now where they may; null: not at all (deceased, do not contact, opted out, nobody to reach). */
  readonly reachableAt: (entry: WaitEntry) => TimestampMs | null;
}

export type NextOffer =
  | { readonly t: 'offer'; readonly entry: WaitEntry; readonly until: TimestampMs }
  /** The first in line cannot be asked now: nobody is passed over for that, as long as there is time. */
  | { readonly t: 'wait'; readonly atMs: TimestampMs }
  | { readonly t: 'nobody' };

/** Who comes before whom: `priority` (0 first, as with iCalendar's), then who has waited longest. */
export function compareWaiting(a: WaitEntry, b: WaitEntry): number {
  return a.priority - b.priority || a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1);
}

/** Whom a free slot is offered to next (docs/protocol/programmes.md §4). One patient at a time; who was offered it before is not asked again. */
export function nextOffer(slot: Slot, facts: WaitlistFacts): NextOffer {
  const { nowMs, holdMinutes } = facts;
  if (slot.state !== 'free') return { t: 'nobody' };
  const lastAnswerMs = slot.start - NOTICE_MS;
  for (const entry of [...facts.entries].sort(compareWaiting)) {
    if (entry.state !== 'waiting' || !fitsEntry(slot, entry, facts)) continue;
    const atMs = facts.reachableAt(entry);
    if (atMs === null || lastAnswerMs - atMs < SHORTEST_OFFER_MS) continue;
    if (atMs > nowMs) return { t: 'wait', atMs };
    return { t: 'offer', entry, until: Math.min(nowMs + holdMinutes * MINUTE_MS, lastAnswerMs) };
  }
  return { t: 'nobody' };
}

function fitsEntry(slot: Slot, entry: WaitEntry, { givesUp }: WaitlistFacts): boolean {
  if (!isSameService(slot.service, entry.service)) return false;
  if (entry.practitioner !== null && !isSamePerson(slot.practitioner, entry.practitioner)) return false;
  if (entry.from !== null && slot.start < entry.from) return false;
  if (entry.until !== null && slot.start > entry.until) return false;
  if (entry.offers.some((offer) => offer.slot === slot.id)) return false;
  const visit = entry.appointment === null ? null : givesUp(entry.appointment);
  // Who gives a visit up for it wants an earlier one.
  return visit === null || slot.start < visit.start;
}

function isSamePerson(a: Slot['practitioner'], b: NonNullable<Slot['practitioner']>): boolean {
  return a !== null && isSameService(a, b);
}

/** Held by nobody, or by somebody whose time is over. */
function isSlotOpen(slot: Slot, nowMs: TimestampMs): boolean {
  if (slot.state === 'free') return true;
  const until = slot.holder?.until ?? null;
  return slot.state === 'held' && until !== null && until < nowMs;
}

export interface SlotWish {
  readonly service: Appointment['service'];
  readonly practitioner: Appointment['practitioner'];
  /** Slot that the patient has now; null: none. */
  readonly not: string | null;
  readonly most: number;
  readonly nowMs: TimestampMs;
}

/** Free times to choose from: with the same person first, the earliest of each, and said in order of time. */
export function slotsToChoose(
  slots: Iterable<Slot>,
  { service, practitioner, not, most, nowMs }: SlotWish,
): readonly Slot[] {
  const open = [...slots].filter((slot) => {
    return (
      slot.id !== not &&
      slot.state === 'free' &&
      slot.start >= nowMs + NOTICE_MS &&
      isSameService(slot.service, service)
    );
  });
  const isTheirs = (slot: Slot): number =>
    practitioner !== null && slot.practitioner !== null && isSameService(slot.practitioner, practitioner)
      ? 0
      : 1;
  open.sort((a, b) => isTheirs(a) - isTheirs(b) || a.start - b.start || (a.id < b.id ? -1 : 1));
  return open.slice(0, most).sort((a, b) => a.start - b.start);
}

export interface Holder {
  readonly kind: 'offer' | 'choice';
  readonly id: string;
  readonly ref: string;
  readonly until: TimestampMs;
}

/** The slot held for an offer or a choice; null where somebody else has it. Decided within a compare-and-set. */
export function holdSlot(slot: Slot, holder: Holder, nowMs: TimestampMs): Slot | null {
  if (!isSlotOpen(slot, nowMs)) return null;
  return { ...slot, state: 'held', holder: { ...holder }, updatedAt: nowMs };
}

/**
 * The slot booked: by who holds it, or, where it is open, by who was offered it before. null where somebody else has it. The same booking
 * twice is the same slot.
 */
export function bookSlot(
  slot: Slot,
  booking: { readonly held: string; readonly appointment: string; readonly ref: string },
  nowMs: TimestampMs,
): Slot | null {
  const isHolder = slot.state === 'held' && slot.holder?.id === booking.held;
  if (!isHolder && !isSlotOpen(slot, nowMs)) return null;
  const holder = { kind: 'appointment', id: booking.appointment, ref: booking.ref, until: null } as const;
  return { ...slot, state: 'booked', holder, updatedAt: nowMs };
}

/** The slot free again, where it is (still) held or booked under this id; null else. */
export function freeSlot(slot: Slot, heldBy: string, nowMs: TimestampMs): Slot | null {
  if (slot.state === 'free' || slot.state === 'closed' || slot.holder?.id !== heldBy) return null;
  return { ...slot, state: 'free', holder: null, updatedAt: nowMs };
}
