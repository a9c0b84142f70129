import type { Bytes } from '@baton/kernel';
import type { BatonState } from '@baton/policy';
import { decodeStored, encodeStored } from '../commit/state-codec.ts';

// A baton's state as policy computed it, kept beside its events so that no chain is replayed to fire a timer. Derived: the events are the record.

export function encodeBaton(state: BatonState): Bytes {
  return encodeStored(state);
}

/** Throws where the stored bytes are no such state: the database was changed by somebody else. */
export function decodeBaton(bytes: Bytes): BatonState {
  return decodeStored(bytes) as BatonState;
}
