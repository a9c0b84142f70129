import { type BatonId, type Bytes, type Id, type IdKind, parseBatonId, parseId } from '@baton/kernel';
import { z } from 'zod';

// A bundle under a strict Content-Security-Policy must not probe for `new Function`.
z.config({ jitless: true });

/** A byte string of exactly `length` bytes. */
export function bytesOf(length: number): z.ZodType<Bytes> {
  return z.custom<Bytes>(
    (value) => value instanceof Uint8Array && value.length === length,
    `${length} bytes`,
  );
}

/** A byte string of `min` to `max` bytes. */
export function bytesBetween(min: number, max: number): z.ZodType<Bytes> {
  return z.custom<Bytes>(
    (value) => value instanceof Uint8Array && value.length >= min && value.length <= max,
    `${min} to ${max} bytes`,
  );
}

export function idField<Kind extends IdKind>(kind: Kind): z.ZodType<Id<Kind>> {
  return z.custom<Id<Kind>>(
    (value) => typeof value === 'string' && parseId(kind, value) !== null,
    `${kind} id`,
  );
}

export const hashField = bytesOf(32);
export const signatureField = bytesOf(64);
export const signingKeyField = bytesOf(32);
/** X-Wing public key: ML-KEM-768 (1184 bytes) then X25519 (32 bytes). */
export const boxKeyField = bytesOf(1216);
export const uintField = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A number with a fraction, as its shortest decimal text (`String` of it, ECMA-262). */
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?$/;
/**
 * A number that may have a fraction, for codecs with `decimals`: wire objects have whole numbers only, so one with a fraction travels as its shortest
 * decimal text, of which there is exactly one.
 */
export function decimalField(range: { readonly min?: number; readonly max?: number } = {}) {
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = range;
  return z
    .union([z.number(), z.string().max(30).regex(DECIMAL)])
    .refine((value) => typeof value === 'number' || isSpelled(value))
    .transform(Number)
    .refine((value) => value >= min && value <= max);
}

/** Only a fraction is a text, and only in the spelling that it is written in. */
function isSpelled(text: string): boolean {
  const value = Number(text);
  return Number.isFinite(value) && !Number.isInteger(value) && String(value) === text;
}

/** Milliseconds since the Unix epoch, UTC. */
export const timestampField = uintField;
/**
 * Text that a person reads: trimmed, not empty, without control characters and without characters that show nothing or turn the direction,
 * so that two names that look the same are the same as far as that goes. Joiners (U+200C, U+200D) are letters' parts in some scripts.
 */
export const labelField = z
  .string()
  .min(1)
  .max(120)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$/u)
  .refine((text) => text === text.trim());
/** An account or a role: what can be a member. */
export const memberField = z.union([idField('account'), idField('role')]);
/** What can be accountable for a baton. */
export const ownerField = z.union([idField('account'), idField('role'), idField('queue')]);
export const batonField: z.ZodType<BatonId> = z.custom<BatonId>(
  (value) => typeof value === 'string' && parseBatonId(value) !== null,
  'baton id',
);
/** unpadded base64url in JSON bodies, at most `maxBytes` once decoded. */
export function base64UrlField(maxBytes: number): z.ZodString {
  return z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/)
    .max(Math.ceil((maxBytes * 4) / 3));
}
