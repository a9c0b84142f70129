import type { Bytes, Result } from '@baton/kernel';
import { LABELS, type LedgerError } from '@baton/ledger';
import { type EnvelopeHeader, envelopeHeaderCodec } from '@baton/wire';
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

/** Salt of a sealed object, bytes. */
export const SALT_BYTES = 32;

export interface SealEnvelopeInput {
  /** The header without what sealing adds. What asks for something goes through `sealAsk`. */
  readonly header: Omit<EnvelopeHeader, 'v' | 't' | 'salt'>;
  readonly keys: GenerationKeys;
  /** The device key whose certificate `header.dk` names. */
  readonly signer: SigningKey;
  /** Encoded content (wire `contentCodec`), at most 262,143 bytes. */
  readonly content: Bytes;
}

/** Seals and signs one message (sealing.md §5). Returns the encoded `Sealed`. Every call draws a fresh salt: sealing again is no replay. */
export async function sealEnvelope(ports: SealingPorts, input: SealEnvelopeInput): Promise<Bytes> {
  requirePlace(input.header, input.keys);
  const salt = ports.rng.bytes(SALT_BYTES);
  const header = envelopeHeaderCodec.encode({ ...input.header, v: 1, t: 'envelope', salt });
  const key = await input.keys.messageKey();
  const { signer, content } = input;
  return sealObject(ports.primitives, {
    label: LABELS.envelope,
    header,
    key: { key, salt },
    signer,
    content,
  });
}

/** Opens an envelope whose author was checked before (ledger `checkEnvelope`): its content bytes. Throws `CryptoError`. */
export function unsealEnvelope(primitives: Primitives, input: UnsealInput<EnvelopeHeader>): Promise<Bytes> {
  return unseal(primitives, input, { label: LABELS.envelope, key: input.keys.messageKey });
}

/** Checks the author and opens, both at once. Returns the ledger's refusal; throws `CryptoError` where only the opening fails. */
export function checkAndUnsealEnvelope(
  primitives: Primitives,
  input: CheckAndUnsealInput<EnvelopeHeader>,
): Promise<Result<Unsealed<EnvelopeHeader>, LedgerError>> {
  return checkAndUnseal(primitives, input, { label: LABELS.envelope, key: input.keys.messageKey });
}
