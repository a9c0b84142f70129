import { makeBoxKey, type Primitives, signStatement } from '@baton/crypto';
import { type AccountId, encodeBase64Url, equalBytes, type Rng, Secret } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import { ClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { Platform } from '../ports/platform.ts';
import type { VaultKeeper } from '../vault/vault-keeper.ts';
import { publishedSeed, SEED_BEFORE } from './published-seed.ts';

/** Among the vault's preferences: the client's own, shown to nobody. */
export const OWN_PREFERENCE = '.';

export interface RenewalPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Platform['clock'];
  readonly keyLog: KeyLogReplica;
  readonly vault: VaultKeeper;
  readonly account: AccountId;
}

/** Gives the account its next box key. Stopped anywhere, it can be begun again, and nothing that was sealed before is lost. */
export class BoxKeyRenewal {
  readonly #ports: RenewalPorts;

  constructor(ports: RenewalPorts) {
    this.#ports = ports;
  }

  /** The vault first: a published key whose seed is lost would open nothing. */
  async renew(): Promise<void> {
    const { primitives, rng, clock, keyLog, vault, account } = this.#ports;
    const last = findAccount(keyLog.state, account)?.boxKeys.at(-1);
    if (!last) return;
    const found = vault.vault;
    const known = publishedSeed(found, last.gen);
    if (known.gen !== last.gen) throw new ClientError('conflict.version', 'boxkey');
    const previous = { gen: known.gen, seed: Secret.of(known.seed) };
    const next = await makeBoxKey({ primitives, rng }, { account, gen: last.gen + 1, previous });
    const statement = await signStatement(primitives, {
      key: await primitives.signingKeyFromSeed(found.uik),
      body: {
        v: 1,
        org: found.org,
        ts: clock.nowMs(),
        t: 'boxkey',
        account,
        accountGen: found.accountGen,
        gen: next.gen,
        pub: next.publicKey,
        chain: next.chain,
        prev: last.hash,
      },
    });
    const puk = { gen: next.gen, seed: next.seed.reveal() };
    await vault.change((before) => {
      // Another device may be doing the same: two keys for one generation would leave one of them without its seed.
      if (before.puk.gen !== found.puk.gen || !equalBytes(before.puk.seed, found.puk.seed))
        throw new ClientError('conflict.version', 'boxkey');
      const preferences = { ...before.preferences, [SEED_BEFORE]: encodeBase64Url(known.seed) };
      return { ...before, puk, preferences };
    });
    await keyLog.append([statement.bytes]);
    await vault.change((before) => {
      const { [SEED_BEFORE]: _, ...preferences } = before.preferences;
      return { ...before, puk, preferences };
    });
  }
}
