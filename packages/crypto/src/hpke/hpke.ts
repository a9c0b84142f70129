import type { Bytes } from '@baton/kernel';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';
import type { XwingKey, XwingPublicKey } from '../primitives/xwing.ts';
import { XWING_CIPHERTEXT_BYTES } from '../primitives/xwing-sizes.ts';
import { hpkeKeySchedule, XWING_HKDF_SHA256_AES_256_GCM } from './key-schedule.ts';

export interface HpkeBox {
  /** The encapsulation, 1120 bytes. */
  readonly enc: Bytes;
  /** Ciphertext followed by the 16-byte tag. */
  readonly ct: Bytes;
}

export interface HpkeSealInput {
  /** The recipient's X-Wing public key: 1216 bytes, or imported before. */
  readonly pk: Bytes | XwingPublicKey;
  /** Binds the box to its context; both sides must have the same bytes. */
  readonly info: Bytes;
  readonly aad: Bytes;
  readonly plaintext: Bytes;
}

export interface HpkeOpenInput extends HpkeBox {
  readonly key: XwingKey;
  readonly info: Bytes;
  readonly aad: Bytes;
}

/** RFC 9180 §6.1 single-shot base mode for the suite X-Wing (0x647a), HKDF-SHA256, AES-256-GCM. Says nothing about who sealed. */
export async function hpkeSeal(primitives: Primitives, input: HpkeSealInput): Promise<HpkeBox> {
  const { ct: enc, ss } = await primitives.xwingEncapsulate(input.pk);
  const { key, baseNonce } = hpkeKeySchedule(XWING_HKDF_SHA256_AES_256_GCM, ss, input.info);
  ss.fill(0);
  try {
    const ct = await primitives.aesGcmSeal({
      key,
      nonce: baseNonce,
      plaintext: input.plaintext,
      aad: input.aad,
    });
    return { enc, ct };
  } finally {
    key.fill(0);
  }
}

/** Opens what `hpkeSeal` made with the same info and aad; throws `crypto.open_failed` on everything else, degenerate points included. */
export async function hpkeOpen(primitives: Primitives, input: HpkeOpenInput): Promise<Bytes> {
  if (input.enc.length !== XWING_CIPHERTEXT_BYTES) throw openFailed();
  const ss = await primitives.xwingDecapsulate(input.key, input.enc).catch(() => {
    throw openFailed();
  });
  const { key, baseNonce } = hpkeKeySchedule(XWING_HKDF_SHA256_AES_256_GCM, ss, input.info);
  ss.fill(0);
  try {
    return await primitives.aesGcmOpen({ key, nonce: baseNonce, sealed: input.ct, aad: input.aad });
  } finally {
    key.fill(0);
  }
}

function openFailed(): CryptoError {
  return new CryptoError('crypto.open_failed', 'the box did not open');
}
