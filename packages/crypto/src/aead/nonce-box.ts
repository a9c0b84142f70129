import { type Bytes, concatBytes } from '@baton/kernel';
import type { SealingPorts } from '../ports.ts';
import { GCM_NONCE_BYTES, GCM_TAG_BYTES } from '../primitives/aes-gcm.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';

/** nonce (12, random) || AES-256-GCM: vault, wraps and the back chain, which are few per key. */
export async function sealWithNonce(
  ports: SealingPorts,
  input: { readonly key: Bytes; readonly plaintext: Bytes; readonly aad: Bytes },
): Promise<Bytes> {
  const nonce = ports.rng.bytes(GCM_NONCE_BYTES);
  return concatBytes(nonce, await ports.primitives.aesGcmSeal({ ...input, nonce }));
}

/** Throws `crypto.malformed` where there is no room for nonce and tag, `crypto.open_failed` otherwise. */
export async function openWithNonce(
  primitives: Primitives,
  input: { readonly key: Bytes; readonly sealed: Bytes; readonly aad: Bytes },
): Promise<Bytes> {
  const { key, sealed, aad } = input;
  if (sealed.length < GCM_NONCE_BYTES + GCM_TAG_BYTES) throw new CryptoError('crypto.malformed', 'too short');
  return primitives.aesGcmOpen({
    key,
    nonce: sealed.subarray(0, GCM_NONCE_BYTES),
    sealed: sealed.subarray(GCM_NONCE_BYTES),
    aad,
  });
}
