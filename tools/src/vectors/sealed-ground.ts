import { webcrypto } from 'node:crypto';
import { createPrimitives, type GenerationSecrets, type SealingPorts } from '@baton/crypto';
import { type Bytes, encodeHex, type IdKind, makeId, type Rng, Secret } from '@baton/kernel';
import type { EnvelopeHeader } from '@baton/wire';

// What the sealed vectors are made of: fixed ids, keys and headers, and ports whose randomness is a counted tape.

/** A file of protocol/vectors/sealed. Byte strings are hexadecimal. */
export interface SealedVectorFile {
  readonly section: string;
  readonly note: string;
  readonly cases: readonly Record<string, unknown>[];
}

export const fill = (value: number, length = 32): Bytes => new Uint8Array(length).fill(value);
export const count = (length: number): Bytes =>
  new Uint8Array(length).map((_, index) => (index * 7 + 3) & 255);
const id = <Kind extends IdKind>(kind: Kind, value: number) => makeId(kind, fill(value, 16));

export const ORG = id('org', 0x01);
export const CONV = id('conversation', 0x02);
export const AUTHOR = id('account', 0x03);
export const MEMBER = id('account', 0x04);
export const CREDENTIAL = id('credential', 0x05);
export const ROLE = id('role', 0x06);
export const TS = 1_800_000_000_000;
export const WORDS = 'legal winner thank year wave sausage worth useful';

/** Byte n of a tape is n modulo 251: no two draws of one object are the same. */
function countedRng(start: number): Rng {
  let position = start;
  return { bytes: (length) => new Uint8Array(length).map(() => (position += 1) % 251) };
}

export async function portsFrom(start: number): Promise<SealingPorts> {
  const rng = countedRng(start);
  const primitives = await createPrimitives({
    subtle: webcrypto.subtle,
    rng,
    avoidNative: ['aesGcm', 'hkdf', 'ed25519', 'x25519', 'mlKem768'],
  });
  return { primitives, rng };
}

export const place = {
  org: ORG,
  conv: CONV,
  gen: 3,
  logN: 5,
  logHead: fill(0x11),
  author: AUTHOR,
  dk: fill(0x12),
  ts: TS,
};
export const envelopeHeader: Omit<EnvelopeHeader, 'v' | 't' | 'salt'> = {
  ...place,
  last: fill(0x13),
  id: id('message', 0x07),
  as: null,
  class: { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null },
  blobs: [id('blob', 0x08)],
  escalation: null,
};
export const secrets: GenerationSecrets = { gk: Secret.of(fill(0x21)), hl: Secret.of(fill(0x22)) };
export const hexOfSecrets = { gk: encodeHex(fill(0x21)), hl: encodeHex(fill(0x22)) };
