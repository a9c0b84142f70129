import { type AccountId, type Bytes, encodeUtf8, Secret } from '@baton/kernel';
import { encodeUint64 } from '@baton/ledger';
import { openWithNonce, sealWithNonce } from '../aead/nonce-box.ts';
import { labelled, SECRET_LABELS } from '../labels.ts';
import type { SealingPorts } from '../ports.ts';
import { CryptoError, requireLength } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';
import { XWING_SEED_BYTES } from '../primitives/primitives.ts';

/** One generation of an account's box key (PUK). */
export interface BoxKeySeed {
  readonly gen: number;
  /** X-Wing seed, 32 bytes. */
  readonly seed: Secret<Bytes>;
}

export interface NewBoxKey extends BoxKeySeed {
  /** For the key-log statement: 1216 bytes. */
  readonly publicKey: Bytes;
  /** For the key-log statement: the seed before, sealed to this one (60 bytes); null where there is none to keep. */
  readonly chain: Bytes | null;
}

/**
 * Makes the box key of generation `gen`. `previous` is generation gen - 1; null for the first, and where its seed was lost (a new
 * invitation after everything was lost): what was boxed to lost generations stays closed.
 */
export async function makeBoxKey(
  ports: SealingPorts,
  input: { readonly account: AccountId; readonly gen: number; readonly previous: BoxKeySeed | null },
): Promise<NewBoxKey> {
  const { account, gen, previous } = input;
  if (previous && previous.gen !== gen - 1) {
    throw new CryptoError('crypto.wrong_context', 'a box key follows the one before it');
  }
  const seed = ports.rng.bytes(XWING_SEED_BYTES);
  const { publicKey } = await ports.primitives.xwingKeyFromSeed(seed);
  const chain = previous
    ? await sealWithNonce(ports, {
        key: await chainKey(ports.primitives, seed),
        plaintext: previous.seed.reveal(),
        aad: chainContext(account, gen),
      })
    : null;
  return { gen, seed: Secret.of(seed), publicKey, chain };
}

/**
 * Every generation that the newest seed leads to, itself included. `statements` are the account's verified box-key statements in any
 * order; the walk ends at a statement without a chain. Throws `crypto.open_failed` where a chain does not hold.
 */
export async function walkBoxKeyChain(
  primitives: Primitives,
  input: {
    readonly account: AccountId;
    readonly newest: BoxKeySeed;
    readonly statements: readonly { readonly gen: number; readonly chain: Bytes | null }[];
  },
): Promise<ReadonlyMap<number, Secret<Bytes>>> {
  const chainOf = new Map(input.statements.map(({ gen, chain }) => [gen, chain]));
  const seeds = new Map([[input.newest.gen, input.newest.seed]]);
  let { gen, seed } = input.newest;
  for (let chain = chainOf.get(gen); chain; chain = chainOf.get(gen)) {
    const key = await chainKey(primitives, seed.reveal());
    const opened = await openWithNonce(primitives, {
      key,
      sealed: chain,
      aad: chainContext(input.account, gen),
    });
    requireLength(opened, XWING_SEED_BYTES, 'box key seed');
    gen -= 1;
    seed = Secret.of(opened);
    seeds.set(gen, seed);
  }
  return seeds;
}

function chainKey(primitives: Primitives, seed: Bytes): Promise<Bytes> {
  return primitives.hkdfSha256({
    ikm: seed,
    salt: new Uint8Array(0),
    info: labelled(SECRET_LABELS.boxKeyChain),
    length: 32,
  });
}

function chainContext(account: AccountId, gen: number): Bytes {
  return labelled(SECRET_LABELS.boxKeyChain, encodeUtf8(account), encodeUint64(gen));
}
