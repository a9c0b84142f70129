import { type Bytes, type ConversationId, concatBytes, Secret } from '@baton/kernel';
import type { Entry } from '@baton/wire';
import type { GenerationSecrets } from '../boxes/box.ts';
import { generationContext, SECRET_LABELS } from '../labels.ts';
import type { SealingPorts } from '../ports.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import { GCM_NONCE_BYTES } from '../primitives/aes-gcm.ts';
import type { Primitives } from '../primitives/primitives.ts';
import { type GenerationKeys, makeGenerationKeys } from './generation-keys.ts';

const KEY_BYTES = 32;
const LINK_BYTES = GCM_NONCE_BYTES + 2 * KEY_BYTES + 16;

/**
 * The link of generation g: nonce || AEAD(HL_g; GK_{g-1} || HL_{g-1}). Its aad names conversation, g and the hash of the last entry of
 * g-1, which is the `prev` of the entry that starts g: a link belongs to one place of one fork.
 */
export async function sealLink(
  ports: SealingPorts,
  input: {
    readonly previous: GenerationKeys;
    readonly hl: Secret<Bytes>;
    readonly prev: Bytes;
  },
): Promise<Bytes> {
  const { conv, gen, secrets } = input.previous;
  if (!secrets.hl) {
    throw new CryptoError('crypto.no_history', 'without the history right no generation can be started');
  }
  const nonce = ports.rng.bytes(GCM_NONCE_BYTES);
  const plaintext = concatBytes(secrets.gk.reveal(), secrets.hl.reveal());
  const sealed = await ports.primitives.aesGcmSeal({
    key: input.hl.reveal(),
    nonce,
    plaintext,
    aad: linkContext(conv, gen + 1, input.prev),
  });
  plaintext.fill(0);
  return concatBytes(nonce, sealed);
}

/** The fields of a verified entry that started a generation. */
export type GenerationStart = Pick<Entry, 'gen' | 'prev' | 'link'>;

/** Opens one link: the secrets of the generation before. Throws `crypto.open_failed`, `crypto.malformed` or `crypto.no_history`. */
export async function openLink(
  primitives: Primitives,
  keys: GenerationKeys,
  start: GenerationStart,
): Promise<GenerationKeys> {
  const { conv, gen, secrets } = keys;
  if (start.gen !== gen) throw new CryptoError('crypto.wrong_context', 'the link is of another generation');
  if (!secrets.hl) throw new CryptoError('crypto.no_history', 'no history-link key for this generation');
  if (start.link?.length !== LINK_BYTES || start.prev === null) {
    throw new CryptoError('crypto.malformed', 'the entry has no link');
  }
  const opened = await primitives.aesGcmOpen({
    key: secrets.hl.reveal(),
    nonce: start.link.subarray(0, GCM_NONCE_BYTES),
    sealed: start.link.subarray(GCM_NONCE_BYTES),
    aad: linkContext(conv, gen, start.prev),
  });
  const previous: GenerationSecrets = {
    gk: Secret.of(opened.slice(0, KEY_BYTES)),
    hl: Secret.of(opened.slice(KEY_BYTES)),
  };
  opened.fill(0);
  return makeGenerationKeys(primitives, { conv, gen: gen - 1, secrets: previous });
}

/**
 * Walks from a generation back to the first, or to `stopAt`. `starts` are the verified entries that started generations (in any order).
 * The answer has every generation reached, the newest included; without a history-link key that is the newest alone.
 */
export async function walkHistory(
  primitives: Primitives,
  input: {
    readonly newest: GenerationKeys;
    readonly starts: readonly GenerationStart[];
    readonly stopAt?: number;
  },
): Promise<ReadonlyMap<number, GenerationKeys>> {
  const startOf = new Map(input.starts.map((start) => [start.gen, start]));
  const stopAt = input.stopAt ?? 1;
  const reached = new Map([[input.newest.gen, input.newest]]);
  let keys = input.newest;
  while (keys.gen > stopAt && keys.secrets.hl) {
    const start = startOf.get(keys.gen);
    if (!start) throw new CryptoError('crypto.malformed', 'an entry that started a generation is missing');
    keys = await openLink(primitives, keys, start);
    reached.set(keys.gen, keys);
  }
  return reached;
}

function linkContext(conv: ConversationId, gen: number, prev: Bytes): Bytes {
  return concatBytes(generationContext(SECRET_LABELS.link, conv, gen), prev);
}
