import type { Bytes } from '@baton/kernel';
import type { ConversationState } from '@baton/policy';
import { decodeCanonical, encodeCanonical } from '@baton/wire';

// States as policy computed them (a conversation's membership, a baton), kept beside their logs so that a restart need not replay every log. Derived: the
// entries are the record. Maps become {"%map": [[key, value], …]}.

const LIMIT_BYTES = 16 * 1024 * 1024;
const MAP_MARK = '%map';

export function encodeState(state: ConversationState): Bytes {
  return encodeStored(state);
}

/** Throws where the stored bytes are no such state: the database was changed by somebody else. */
export function decodeState(bytes: Bytes): ConversationState {
  return decodeStored(bytes) as ConversationState;
}

/** Any state of plain values, bytes and maps. */
export function encodeStored(state: object): Bytes {
  return encodeCanonical(toPlain(state));
}

/** Throws where the bytes are no state. */
export function decodeStored(bytes: Bytes): unknown {
  const decoded = decodeCanonical(bytes, LIMIT_BYTES);
  if (!decoded.ok) throw new Error('a stored state is damaged');
  return fromPlain(decoded.value);
}

function toPlain(value: unknown): unknown {
  if (value instanceof Map)
    return { [MAP_MARK]: [...value].map(([key, entry]) => [key as unknown, toPlain(entry)]) };
  if (Array.isArray(value)) return value.map(toPlain);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toPlain(entry)]));
}

function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === MAP_MARK)
    return new Map((entries[0][1] as [unknown, unknown][]).map(([key, entry]) => [key, fromPlain(entry)]));
  return Object.fromEntries(entries.map(([key, entry]) => [key, fromPlain(entry)]));
}
