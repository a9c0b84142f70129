import { type Bytes, concatBytes, Secret } from '@baton/kernel';
import { type BoxBinding, boxInfo, hashBox } from '@baton/ledger';
import { boxCodec } from '@baton/wire';
import { hpkeOpen, hpkeSeal } from '../hpke/hpke.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives, XwingKey, XwingPublicKey } from '../primitives/primitives.ts';

const KEY_BYTES = 32;
const NO_AAD = new Uint8Array(0);

/** What a generation consists of. Both keys are 32 bytes. */
export interface GenerationSecrets {
  /** GK: opens messages, puts and files of this generation. */
  readonly gk: Secret<Bytes>;
  /** HL: opens the link to the generation before; null for members without the history right. */
  readonly hl: Secret<Bytes> | null;
}

export interface SealBoxInput {
  /** The recipient's X-Wing public key as the key log states it: 1216 bytes, or imported before. */
  readonly publicKey: Bytes | XwingPublicKey;
  readonly binding: BoxBinding;
  /** With `hl`, the recipient gets the history right. */
  readonly secrets: GenerationSecrets;
}

export interface SealedBox {
  /** Encoded `Box`. */
  readonly bytes: Bytes;
  /** What the entry's recipient names as `b`. */
  readonly hash: Bytes;
}

/** Seals a generation's keys to one recipient (sealing.md §3). The info binds conversation, generation, recipient, key and entry core. */
export async function sealBox(primitives: Primitives, input: SealBoxInput): Promise<SealedBox> {
  const { binding, secrets } = input;
  const plaintext = secrets.hl
    ? concatBytes(secrets.gk.reveal(), secrets.hl.reveal())
    : secrets.gk.reveal().slice();
  const { enc, ct } = await hpkeSeal(primitives, {
    pk: input.publicKey,
    info: boxInfo(binding),
    aad: NO_AAD,
    plaintext,
  });
  plaintext.fill(0);
  const { conv, gen, to, g } = binding;
  const bytes = boxCodec.encode({ v: 1, t: 'box', conv, gen, to, g, enc, ct });
  return { bytes, hash: hashBox(primitives.sha256, bytes) };
}

export interface OpenBoxInput {
  readonly key: XwingKey;
  /** From the verified entry, never from the box. */
  readonly binding: BoxBinding;
  /** The recipient's `h` in the entry: a box that holds more or less than the entry says is refused. */
  readonly hist: boolean;
  /** Encoded `Box`. */
  readonly box: Bytes;
}

/** Throws `crypto.malformed`, `crypto.wrong_context` or `crypto.open_failed`; the caller has compared the box's hash with the entry's. */
export async function openBox(primitives: Primitives, input: OpenBoxInput): Promise<GenerationSecrets> {
  const decoded = boxCodec.decode(input.box);
  if (!decoded.ok) throw new CryptoError('crypto.malformed', 'not a box');
  const box = decoded.value;
  const { binding } = input;
  if (box.conv !== binding.conv || box.gen !== binding.gen || box.to !== binding.to || box.g !== binding.g) {
    throw new CryptoError('crypto.wrong_context', 'the box is meant for another place');
  }
  const opened = await hpkeOpen(primitives, {
    key: input.key,
    info: boxInfo(binding),
    aad: NO_AAD,
    enc: box.enc,
    ct: box.ct,
  });
  if (opened.length !== (input.hist ? 2 * KEY_BYTES : KEY_BYTES)) {
    throw new CryptoError('crypto.wrong_context', 'the box does not hold what its entry says');
  }
  return {
    gk: Secret.of(opened.slice(0, KEY_BYTES)),
    hl: input.hist ? Secret.of(opened.slice(KEY_BYTES)) : null,
  };
}
