import { type Primitives, walkBoxKeyChain, type XwingKey } from '@baton/crypto';
import { Secret } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { VaultKeeper } from '../vault/vault-keeper.ts';
import { publishedSeed } from './published-seed.ts';

/** The account's box keys: the newest from the vault, earlier ones along the back chain of its statements. */
export function boxKeysOf(ports: {
  readonly primitives: Primitives;
  readonly keyLog: KeyLogReplica;
  readonly vault: VaultKeeper;
}): (gen: number) => Promise<XwingKey | null> {
  const keys = new Map<string, XwingKey>();
  return async (gen) => {
    const { account } = ports.vault.vault;
    const statements = findAccount(ports.keyLog.state, account)?.boxKeys ?? [];
    const published = publishedSeed(ports.vault.vault, statements.at(-1)?.gen ?? 0);
    const memo = `${published.gen}:${gen}`;
    const known = keys.get(memo);
    if (known) return known;
    const newest = { gen: published.gen, seed: Secret.of(published.seed) };
    const seeds = await walkBoxKeyChain(ports.primitives, { account, newest, statements });
    const seed = seeds.get(gen);
    if (!seed) return null;
    const key = await ports.primitives.xwingKeyFromSeed(seed.reveal());
    keys.set(memo, key);
    return key;
  };
}
