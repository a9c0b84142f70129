import { type Bytes, encodeUtf8, equalBytes, err, ok, type Result } from '@baton/kernel';
import { encode, Token, Tokenizer, Type } from 'cborg';
import type { WireError } from './wire-error.ts';

/** What a wire object is made of: deterministic CBOR, RFC 8949 §4.2, without tags or undefined; every number is a safe integer. */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Bytes
  | readonly CborValue[]
  | { readonly [key: string]: CborValue };

/** Shortest heads and definite lengths only. */
const TOKENS = { strict: true, allowIndefinite: false, allowUndefined: false, allowBigInt: false } as const;
/** No wire object is nested deeper than this; bytes from outside could be, to use up the stack. */
const MAX_DEPTH = 64;

/** Deterministic encoding: shortest integers, map keys in bytewise order (all keys are text, so by length, then by byte). */
export function encodeCanonical(value: unknown): Bytes {
  return plainBytes(encode(value));
}

/** As `encodeCanonical`; a number with a fraction is its shortest decimal text. */
export function encodeWithDecimals(value: unknown): Bytes {
  return plainBytes(encode(value, { typeEncoders: { number: spellDecimal } }));
}

function spellDecimal(value: number): Token[] | null {
  return Number.isInteger(value) ? null : [new Token(Type.string, String(value))];
}

/** Node's encoder gives a Buffer, whose `slice` shares memory where that of every other byte string copies. */
function plainBytes(bytes: Bytes): Bytes {
  return bytes.constructor === Uint8Array
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * Decodes bytes from outside. Refuses everything that `encodeCanonical` would not have written, so that one value has one encoding
 * and a hash over bytes is a hash over the value. What the tokens do not tell (order of keys, spelling of texts, floats) is looked at
 * while the value is put together: encoding it again to compare would cost more than the decoding.
 */
export function decodeCanonical(bytes: Bytes, limitBytes: number): Result<unknown, WireError> {
  if (bytes.length > limitBytes) return err({ code: 'wire.too_large', at: '' });
  // What is cut out of a Buffer would be a Buffer again.
  const plain = plainBytes(bytes);
  try {
    const source: Source = { tokens: new Tokenizer(plain, TOKENS), bytes: plain, isCanonical: true };
    const value = readValue(source, 0);
    if (!source.tokens.done()) throw MALFORMED;
    return source.isCanonical ? ok(value) : err({ code: 'wire.not_canonical', at: '' });
  } catch {
    return err({ code: 'wire.malformed', at: '' });
  }
}

const MALFORMED = new Error('malformed');

interface Source {
  readonly tokens: Tokenizer;
  readonly bytes: Bytes;
  /** So far; what comes after may still turn out to be no CBOR at all. */
  isCanonical: boolean;
}

function readValue(source: Source, depth: number): unknown {
  if (source.tokens.done() || depth > MAX_DEPTH) throw MALFORMED;
  const token = source.tokens.next();
  switch (token.type.name) {
    case 'bytes':
    case 'true':
    case 'false':
    case 'null':
      return token.value;
    case 'uint':
    case 'negint':
      if (!Number.isSafeInteger(token.value)) throw MALFORMED;
      return token.value;
    case 'string':
      return readText(source, token);
    case 'array':
      return readArray(source, token.value as number, depth);
    case 'map':
      return readMap(source, token.value as number, depth);
    default:
      throw MALFORMED;
  }
}

function readArray(source: Source, length: number, depth: number): unknown[] {
  const items: unknown[] = [];
  for (let i = 0; i < length; i++) items.push(readValue(source, depth + 1));
  return items;
}

function readMap(source: Source, length: number, depth: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  let before = source.bytes.subarray(0, 0);
  for (let i = 0; i < length; i++) {
    if (source.tokens.done()) throw MALFORMED;
    const start = source.tokens.pos();
    const token = source.tokens.next();
    if (token.type.name !== 'string') throw MALFORMED;
    // With its head, which grows with the length: shorter keys come first, as long ones byte by byte.
    const spelled = source.bytes.subarray(start, source.tokens.pos());
    if (!isBefore(before, spelled)) source.isCanonical = false;
    before = spelled;
    const key = readText(source, token);
    const value = readValue(source, depth + 1);
    // No schema has it, and an object cannot simply be given it.
    if (key === '__proto__') source.isCanonical = false;
    else map[key] = value;
  }
  return map;
}

/** Text of which these bytes are the spelling: the tokens put a mark where they are no UTF-8. */
function readText(source: Source, token: Token): string {
  const { tokens, bytes } = source;
  const text = token.value as string;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) <= 0x7f) continue;
    const spelled = encodeUtf8(text);
    const given = bytes.subarray(Math.max(0, tokens.pos() - spelled.length), tokens.pos());
    if (!equalBytes(spelled, given)) source.isCanonical = false;
    return text;
  }
  return text;
}

/** Strictly before, byte by byte. */
function isBefore(a: Bytes, b: Bytes): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return a.length < b.length;
}
