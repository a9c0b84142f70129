import type { Bytes } from '@baton/kernel';
import { CryptoError } from './crypto-error.ts';

export interface Argon2idRequest {
  readonly password: Bytes;
  /** At least 8 bytes (RFC 9106 §3.1); the protocol uses 16 or more. */
  readonly salt: Bytes;
  /** Passes over the memory. */
  readonly t: number;
  /** Memory in KiB. */
  readonly mKiB: number;
  /** Lanes. */
  readonly p: number;
  /** Bytes to derive, at least 4. */
  readonly length: number;
  /** RFC 9106 K; the protocol does not use it. A port that cannot take it throws. */
  readonly secret?: Bytes;
  /** RFC 9106 X; the protocol does not use it. A port that cannot take it throws. */
  readonly associatedData?: Bytes;
}

export type Argon2idPort = (request: Argon2idRequest) => Promise<Bytes>;

// Upper bounds keep parameters that came from a server from freezing or exhausting the device. Lower bounds that make guessing dear are
// the caller's: they belong to the record that names the parameters.
const MAX_PASSES = 64;
const MAX_MEMORY_KIB = 1024 * 1024;
const MAX_LANES = 16;
const MAX_OUTPUT_BYTES = 1024;

/** Checks the parameters, then asks the port, or the portable code where there is none. */
export function createArgon2id(port: Argon2idPort | undefined): Argon2idPort {
  const derive = port ?? portableArgon2id;
  return async (request) => {
    requireParameters(request);
    const out = await derive(request);
    if (out.length !== request.length)
      throw new CryptoError('crypto.unsupported', 'Argon2id port broke its contract');
    return out;
  };
}

/** Loaded where there is no port: it is slow and long, and most runtimes bring their own. */
const portableArgon2id: Argon2idPort = async (request) => {
  const { argon2idAsync } = await import('@noble/hashes/argon2.js');
  return argon2idAsync(request.password, request.salt, {
    t: request.t,
    m: request.mKiB,
    p: request.p,
    dkLen: request.length,
    ...(request.secret ? { key: request.secret } : {}),
    ...(request.associatedData ? { personalization: request.associatedData } : {}),
  });
};

function requireParameters({ salt, t, mKiB, p, length }: Argon2idRequest): void {
  const fits =
    isWithin(t, 1, MAX_PASSES) &&
    isWithin(p, 1, MAX_LANES) &&
    isWithin(mKiB, 8 * p, MAX_MEMORY_KIB) &&
    isWithin(length, 4, MAX_OUTPUT_BYTES) &&
    salt.length >= 8;
  if (!fits) throw new CryptoError('crypto.bad_length', 'Argon2id parameters are out of range');
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
