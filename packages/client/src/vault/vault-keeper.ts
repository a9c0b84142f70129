import { openVault, type Primitives, sealVault } from '@baton/crypto';
import { type Bytes, decodeBase64Url, encodeBase64Url, type Rng, Secret } from '@baton/kernel';
import { meBody, type Vault, type VaultBody } from '@baton/wire';
import type { Alarms } from '../alarms/alarms.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Rest } from '../rest/rest.ts';
import type { ProfileSecrets, ProfileVault } from './profile-secrets.ts';

const MAX_TRIES = 8;

export interface VaultPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly rest: Rest;
  readonly profile: ProfileVault;
  readonly alarms: Alarms;
  readonly changed: () => void;
}

/** The account's vault on this device: opened once, changed by compare-and-set, a newer version of another device taken over first. */
export class VaultKeeper {
  readonly #ports: VaultPorts;
  #secrets: ProfileSecrets;
  #vault: Vault;

  constructor(ports: VaultPorts, secrets: ProfileSecrets, vault: Vault) {
    this.#ports = ports;
    this.#secrets = secrets;
    this.#vault = vault;
  }

  get vault(): Vault {
    return this.#vault;
  }

  get umk(): Secret<Bytes> {
    return Secret.of(this.#secrets.umk);
  }

  get secrets(): ProfileSecrets {
    return this.#secrets;
  }

  /** Applies a change to the newest vault and stores it at the server and here. The change may run more than once. */
  async change(apply: (vault: Vault) => Vault): Promise<void> {
    const { rest } = this.#ports;
    for (let attempt = 1; ; attempt++) {
      const version = this.#secrets.vault.version + 1;
      const vault = apply(this.#vault);
      const sealed = await sealVault(this.#ports, {
        account: vault.account,
        version,
        umk: this.umk,
        vault: Secret.of(vault),
      });
      try {
        await rest.call({
          method: 'PUT',
          path: '/vault',
          body: { version, sealed: encodeBase64Url(sealed) },
          answer: null,
        });
        await this.#adopt(vault, { version, sealed });
        return;
      } catch (error) {
        if (!isClientError(error, 'conflict.version') || attempt >= MAX_TRIES) throw error;
        await this.refresh();
      }
    }
  }

  /** Takes over what another device stored. */
  async refresh(): Promise<void> {
    const me = await this.#ports.rest.call({ method: 'GET', path: '/me', answer: meBody });
    await this.take(me.session.vault);
  }

  async take(body: VaultBody): Promise<void> {
    const known = this.#secrets.vault.version;
    if (body.version === known) return;
    if (body.version < known) {
      this.#ports.alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: 'vault' });
      return;
    }
    const sealed = decodeBase64Url(body.sealed);
    if (!sealed) throw new ClientError('wire.malformed', 'vault');
    const { account } = this.#secrets;
    const vault = await openVault(this.#ports.primitives, {
      account,
      version: body.version,
      umk: this.umk,
      sealed,
    });
    await this.#adopt(vault.reveal(), { version: body.version, sealed });
  }

  /** Changes what the profile keeps beside the vault (device certificate, token). */
  async keep(change: Partial<ProfileSecrets>): Promise<void> {
    this.#secrets = { ...this.#secrets, ...change };
    await this.#ports.profile.save(this.#secrets);
  }

  async #adopt(vault: Vault, stored: ProfileSecrets['vault']): Promise<void> {
    this.#vault = vault;
    await this.keep({ vault: stored });
    this.#ports.changed();
  }
}
