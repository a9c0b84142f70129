import { type Bytes, err, ok, type Result } from '@baton/kernel';
import type { z } from 'zod';
import { decodeCanonical, encodeCanonical, encodeWithDecimals } from './cbor.ts';
import type { WireError } from './wire-error.ts';

/** Both directions of one wire object. `decode` is total: it returns a WireError for any bytes that are not exactly such an object. */
export interface Codec<T> {
  encode(value: T): Bytes;
  decode(bytes: Bytes): Result<T, WireError>;
}

export interface CodecOptions {
  /** Longest encoding accepted, in bytes. */
  readonly limitBytes: number;
  /** Numbers with a fraction are written, as text (`decimalField`); else they are no value of the wire. */
  readonly decimals?: true;
}

export function makeCodec<T>(schema: z.ZodType<T>, options: CodecOptions): Codec<T> {
  return {
    encode: (value) => (options.decimals ? encodeWithDecimals(value) : encodeCanonical(value)),
    decode(bytes) {
      const decoded = decodeCanonical(bytes, options.limitBytes);
      if (!decoded.ok) return decoded;
      const parsed = schema.safeParse(decoded.value);
      if (parsed.success) return ok(parsed.data);
      return err({ code: 'wire.schema', at: parsed.error.issues[0]?.path.join('.') ?? '' });
    },
  };
}
