import type { TimestampMs } from '@baton/kernel';
import type { Appointment } from '@baton/wire';

/** A visit as a feed or a file says it; everything else of an appointment is not the feed's to say. */
export type FeedAppointment = Omit<
  Appointment,
  'answer' | 'slot' | 'replaces' | 'preparation' | 'shareable' | 'createdAt' | 'updatedAt'
>;

const NO_ANSWER: Appointment['answer'] = { state: 'none', at: null, by: null };

/**
 * The appointment after one message of its feed (docs/protocol/programmes.md §1); null: nothing changes. Decided within a compare-and-set of the newest
 * value. Order and repeats do not matter: the message with the highest `source.version` counts, of two with the same one that with the longer,
 * then higher control id. What the patient answered stays, unless the visit is at another time or another patient's.
 */
export function mergeFeed(
  current: Appointment | null,
  incoming: FeedAppointment,
  nowMs: TimestampMs,
): Appointment | null {
  if (current === null)
    return {
      ...incoming,
      answer: NO_ANSWER,
      slot: null,
      replaces: null,
      preparation: null,
      createdAt: nowMs,
      updatedAt: nowMs,
    };
  if (!isNewer(incoming.source, current.source)) return null;
  // A patient whom an earlier message (or a person) named is not forgotten by one that names nobody that is known.
  const ref = incoming.ref ?? current.ref;
  const isOthers = current.ref !== null && ref !== current.ref;
  const next: Appointment = {
    ...current,
    ...incoming,
    ref,
    // Nobody's answer counts for another patient, or for another time.
    answer: incoming.start === current.start && !isOthers ? current.answer : NO_ANSWER,
    updatedAt: nowMs,
  };
  // Nor does what staff said of that patient's privacy.
  if (isOthers) delete next.shareable;
  return next;
}

function isNewer(incoming: Appointment['source'], current: Appointment['source']): boolean {
  if (incoming.version !== current.version) return incoming.version > current.version;
  const [next, last] = [incoming.message ?? '', current.message ?? ''];
  // Control ids count up: "10" comes after "9".
  return next.length === last.length ? next > last : next.length > last.length;
}
