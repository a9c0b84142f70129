import { type Bytes, equalBytes, err, ok, type Result } from '@baton/kernel';
import { decode, encode } from 'cborg';
import type { WireError } from './wire-error.ts';

/** What a wire object is made of: deterministic CBOR, RFC 8949 §4.2, without tags or undefined; every number that a schema admits is an integer. */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Bytes
  | readonly CborValue[]
  | { readonly [key: string]: CborValue };

const DECODE = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
} as const;

/** Deterministic encoding: shortest integers, map keys in bytewise order (all keys are text, so by length, then by byte). */
export function encodeCanonical(value: unknown): Bytes {
  return encode(value);
}

/**
 * Decodes bytes from outside. Refuses everything that `encodeCanonical` would not have written, so that one value has one encoding
 * and a hash over bytes is a hash over the value.
 */
export function decodeCanonical(bytes: Bytes, limitBytes: number): Result<unknown, WireError> {
  if (bytes.length > limitBytes) return err({ code: 'wire.too_large', at: '' });
  let value: unknown;
  try {
    value = decode(bytes, DECODE);
  } catch {
    return err({ code: 'wire.malformed', at: '' });
  }
  try {
    if (!equalBytes(encode(value), bytes)) return err({ code: 'wire.not_canonical', at: '' });
  } catch {
    return err({ code: 'wire.malformed', at: '' });
  }
  return ok(value);
}
