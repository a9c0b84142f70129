import { type Bytes, type ConversationId, Secret } from '@baton/kernel';
import type { GenerationSecrets } from '../boxes/box.ts';
import { generationContext, labelled, SECRET_LABELS, type SecretLabel } from '../labels.ts';
import { requireLength } from '../primitives/crypto-error.ts';
import { hkdfExtract } from '../primitives/digest.ts';
import type { HkdfKey, Primitives } from '../primitives/primitives.ts';

const KEY_BYTES = 32;

/**
 * The keys of one generation of one conversation, ready for use. Derived handles are made once and kept, because importing a key costs
 * as much as using it. Keep one of these per generation in memory; to store it, seal `secrets`.
 */
export interface GenerationKeys {
  readonly conv: ConversationId;
  readonly gen: number;
  readonly secrets: GenerationSecrets;
  /** K_msg: input keying material of envelopes (sealing.md §5). */
  messageKey(): Promise<HkdfKey>;
  /** The secret of one envelope of this generation, by its header's salt (sealing.md §14): opens that envelope and nothing else. */
  messageSecret(salt: Bytes): Secret<Bytes>;
  /** K_coll: input keying material of puts. */
  collectionKey(): Promise<HkdfKey>;
  /** HKDF-Expand(GK, label || 0x00 || context, 32). */
  expand(label: SecretLabel, context: readonly Bytes[]): Secret<Bytes>;
}

export function makeGenerationKeys(
  primitives: Primitives,
  input: { readonly conv: ConversationId; readonly gen: number; readonly secrets: GenerationSecrets },
): GenerationKeys {
  const { conv, gen, secrets } = input;
  requireLength(secrets.gk.reveal(), KEY_BYTES, 'generation key');
  if (secrets.hl) requireLength(secrets.hl.reveal(), KEY_BYTES, 'history-link key');
  let message: Promise<HkdfKey> | null = null;
  let collection: Promise<HkdfKey> | null = null;

  function expandBytes(info: Bytes): Bytes {
    return primitives.hkdfExpand({ prk: secrets.gk.reveal(), info, length: KEY_BYTES });
  }
  function deriveKey(label: SecretLabel): Bytes {
    return expandBytes(generationContext(label, conv, gen));
  }
  async function deriveHandle(label: SecretLabel): Promise<HkdfKey> {
    const key = deriveKey(label);
    const handle = await primitives.importHkdfKey(key);
    key.fill(0);
    return handle;
  }
  return {
    conv,
    gen,
    secrets,
    messageKey() {
      message ??= deriveHandle(SECRET_LABELS.messageKey);
      return message;
    },
    messageSecret(salt) {
      const key = deriveKey(SECRET_LABELS.messageKey);
      const secret = hkdfExtract(salt, key);
      key.fill(0);
      return Secret.of(secret);
    },
    collectionKey() {
      collection ??= deriveHandle(SECRET_LABELS.collectionKey);
      return collection;
    },
    expand: (label, context) => Secret.of(expandBytes(labelled(label, ...context))),
  };
}
