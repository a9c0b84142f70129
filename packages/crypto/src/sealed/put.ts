import type { Bytes, Result } from '@baton/kernel';
import { LABELS, type LedgerError } from '@baton/ledger';
import { type PutHeader, putHeaderCodec } from '@baton/wire';
import type { GenerationKeys } from '../generations/generation-keys.ts';
import type { SealingPorts } from '../ports.ts';
import type { Primitives, SigningKey } from '../primitives/primitives.ts';
import { sealObject } from './sealed-object.ts';
import {
  type CheckAndUnsealInput,
  checkAndUnseal,
  requirePlace,
  type UnsealInput,
  type Unsealed,
  unseal,
} from './unsealing.ts';

const SALT_BYTES = 32;

export interface SealPutInput {
  /** The header without what sealing adds; `key` is the opaque key (`CollectionIndex`). */
  readonly header: Omit<PutHeader, 'v' | 't' | 'salt'>;
  readonly keys: GenerationKeys;
  readonly signer: SigningKey;
  /** Encoded value; empty with `del`. */
  readonly content: Bytes;
}

/** Seals and signs one put of a collection (sealing.md §5). Returns the encoded `Sealed`. */
export async function sealPut(ports: SealingPorts, input: SealPutInput): Promise<Bytes> {
  requirePlace(input.header, input.keys);
  const salt = ports.rng.bytes(SALT_BYTES);
  const header = putHeaderCodec.encode({ ...input.header, v: 1, t: 'put', salt });
  const key = await input.keys.collectionKey();
  const { signer, content } = input;
  return sealObject(ports.primitives, { label: LABELS.put, header, key: { key, salt }, signer, content });
}

/** As `unsealEnvelope`. */
export function unsealPut(primitives: Primitives, input: UnsealInput<PutHeader>): Promise<Bytes> {
  return unseal(primitives, input, { label: LABELS.put, key: input.keys.collectionKey });
}

/** As `checkAndUnsealEnvelope`. */
export function checkAndUnsealPut(
  primitives: Primitives,
  input: CheckAndUnsealInput<PutHeader>,
): Promise<Result<Unsealed<PutHeader>, LedgerError>> {
  return checkAndUnseal(primitives, input, { label: LABELS.put, key: input.keys.collectionKey });
}
