// Deterministic CBOR (RFC 8949 §4.2) as far as Baton's objects use it: integers, byte and text strings, arrays, maps with text keys, false,
// true, null. Every other encoding, of whatever value, is an error.

export type CborValue =
  | number
  | boolean
  | null
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<string, CborValue>;

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MAX_DEPTH = 32;

export function decodeCbor(bytes: Uint8Array): CborValue {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw new RangeError(`${bytes.length - reader.at} bytes after the value`);
  return value;
}

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  value(depth: number): CborValue {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
    const head = this.#byte();
    const major = head >> 5;
    const info = head & 31;
    if (major === 7) return this.#simple(info);
    const argument = this.#argument(info);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.#take(argument).slice();
      case 3:
        return text.decode(this.#take(argument));
      case 4:
        return Array.from({ length: this.#count(argument) }, () => this.value(depth + 1));
      case 5:
        return this.#map(this.#count(argument), depth);
      default:
        throw new RangeError('a tag');
    }
  }

  #map(count: number, depth: number): ReadonlyMap<string, CborValue> {
    const map = new Map<string, CborValue>();
    let before: Uint8Array | null = null;
    for (let index = 0; index < count; index++) {
      const start = this.at;
      const key = this.value(depth + 1);
      const encoded = this.#bytes.subarray(start, this.at);
      if (typeof key !== 'string') throw new RangeError('a key that is no text');
      if (before !== null && compare(before, encoded) >= 0) throw new RangeError('keys out of order');
      before = encoded;
      map.set(key, this.value(depth + 1));
    }
    return map;
  }

  #simple(info: number): boolean | null {
    if (info === 20) return false;
    if (info === 21) return true;
    if (info === 22) return null;
    throw new RangeError('a float or an unknown simple value');
  }

  /** The shortest form only. */
  #argument(info: number): number {
    if (info < 24) return info;
    const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[info];
    if (width === undefined) throw new RangeError('an indefinite length');
    let value = 0;
    for (let index = 0; index < width; index++) value = value * 256 + this.#byte();
    const least = { 1: 24, 2: 2 ** 8, 4: 2 ** 16, 8: 2 ** 32 }[width] as number;
    if (value < least) throw new RangeError('a longer form than needed');
    if (!Number.isSafeInteger(value)) throw new RangeError('an integer beyond 2^53');
    return value;
  }

  #count(length: number): number {
    // Each element takes a byte at least: a false count does not make memory.
    if (length > this.#bytes.length - this.at) throw new RangeError('shorter than it says');
    return length;
  }

  #take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.#bytes.length) throw new RangeError('shorter than it says');
    const taken = this.#bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new RangeError('shorter than it says');
    this.at += 1;
    return byte;
  }
}

function compare(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

/** Encodes a map of byte and text strings: what a claim's proof is signed over. */
export function encodeTextMap(fields: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const pairs = Object.entries(fields).map(([key, value]) => ({
    key: encodeString(3, new TextEncoder().encode(key)),
    value:
      typeof value === 'string' ? encodeString(3, new TextEncoder().encode(value)) : encodeString(2, value),
  }));
  pairs.sort((a, b) => compare(a.key, b.key));
  return Buffer.concat([head(5, pairs.length), ...pairs.flatMap(({ key, value }) => [key, value])]);
}

function encodeString(major: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([head(major, bytes.length), bytes]);
}

function head(major: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of((major << 5) | argument);
  if (argument < 256) return Uint8Array.of((major << 5) | 24, argument);
  if (argument < 65_536) return Uint8Array.of((major << 5) | 25, argument >> 8, argument & 255);
  throw new RangeError('longer than a claim is');
}
