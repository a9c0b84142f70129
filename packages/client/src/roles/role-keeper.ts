import {
  deriveRoleBoxSeed,
  type GenerationKeys,
  type Primitives,
  signStatement,
  type XwingKey,
} from '@baton/crypto';
import {
  type AccountId,
  type Bytes,
  type Clock,
  type ConversationId,
  newId,
  type Rng,
  type RoleId,
} from '@baton/kernel';
import { findRole, findRoleOfKeyring } from '@baton/ledger';
import { ClientError, isClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Identity } from '../identity/identity.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';

const MAX_TRIES = 5;

export interface RolePorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly identity: () => Identity;
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly generations: GenerationBook;
  readonly writer: EntryWriter;
}

/** A role's box key of one generation of its keyring. */
export async function roleBoxKey(
  primitives: Primitives,
  role: RoleId,
  keyring: GenerationKeys,
): Promise<XwingKey> {
  const seed = deriveRoleBoxSeed({ keyring, role });
  return primitives.xwingKeyFromSeed(seed.reveal());
}

/**
 * Keyrings and the box keys that follow from them. Every new generation of a keyring is followed by the role's new box key; whoever holds
 * the role and finds that it is missing publishes it (the one who rotated may have lost the connection).
 */
export class RoleKeeper {
  readonly #ports: RolePorts;

  constructor(ports: RolePorts) {
    this.#ports = ports;
  }

  /** Makes the keyring of a role that is defined already. The maker holds the role too: nobody makes a key for others unseen. */
  async createKeyring(role: RoleId, keyring: ConversationId, holders: readonly AccountId[]): Promise<void> {
    const { account } = this.#ports.identity();
    const members = [...new Set([account, ...holders])].map((m) => ({ m, hist: true }));
    await this.#ports.writer.create(keyring, { op: 'create', kind: 'keyring', members, role, parent: null });
    await this.publishKey(role);
  }

  async addHolder(role: RoleId, account: AccountId): Promise<void> {
    await this.#ports.writer.append(this.#keyringOf(role), (state) =>
      state.members.has(account) ? null : { op: 'add', members: [{ m: account, hist: true }], because: null },
    );
  }

  async removeHolder(role: RoleId, account: AccountId): Promise<void> {
    await this.#ports.writer.append(this.#keyringOf(role), (state) =>
      state.members.has(account) ? { op: 'remove', members: [account], because: null } : null,
    );
    if (account !== this.#ports.identity().account) await this.publishKey(role);
  }

  /**
   * Shift change: several changes of one keyring, each named by the record that calls for it, and the role's new box key after them. Whoever
   * is in or out already is left out, so that a turn that was cut short goes on.
   */
  async turnOver(
    role: RoleId,
    turns: readonly {
      readonly change: 'add' | 'remove';
      readonly accounts: readonly AccountId[];
      readonly because: Bytes;
    }[],
  ): Promise<void> {
    const keyring = this.#keyringOf(role);
    for (const { change, accounts, because } of turns) {
      await this.#ports.writer.append(keyring, ({ members }) => {
        const concerned = accounts.filter((account) => members.has(account) === (change === 'remove'));
        if (concerned.length === 0) return null;
        if (change === 'remove') return { op: 'remove', members: concerned, because };
        return { op: 'add', members: concerned.map((m) => ({ m, hist: true })), because };
      });
    }
    await this.publishKey(role);
  }

  /** Publishes the box key of the keyring's newest generation, unless somebody has. Needs to be a holder. */
  async publishKey(role: RoleId): Promise<void> {
    const { keyLog, logs, generations, primitives } = this.#ports;
    for (let attempt = 1; ; attempt++) {
      const view = findRole(keyLog.state, role);
      if (!view?.active) return;
      const log = await logs.require(view.keyring);
      const { gen, generations: made } = log.state;
      const entry = made[gen - 1];
      if ((view.key?.statement.gen ?? 0) >= gen || !entry) return;
      const keys = await generations.find(view.keyring, gen);
      if (!keys) throw new ClientError('policy.not_a_member', 'keyring');
      const key = await roleBoxKey(primitives, role, keys);
      const { org, account, dk, deviceKey } = this.#ports.identity();
      const statement = await signStatement(primitives, {
        key: deviceKey,
        body: {
          v: 1,
          org,
          ts: this.#ports.clock.nowMs(),
          t: 'rolekey',
          role,
          gen,
          pub: key.publicKey,
          keyring: view.keyring,
          entry,
          account,
          dk,
        },
      });
      try {
        await keyLog.append([statement.bytes]);
        return;
      } catch (error) {
        if (!isClientError(error) || attempt >= MAX_TRIES) throw error;
        // Another holder was faster, or the keyring went on.
        await keyLog.catchUp();
        await logs.refresh(view.keyring);
      }
    }
  }

  /** A keyring of which this account is a member grew: makes sure that its newest generation has a box key. */
  async mend(keyring: ConversationId): Promise<void> {
    const role = findRoleOfKeyring(this.#ports.keyLog.state, keyring);
    const log = this.#ports.logs.peek(keyring);
    if (!role || !log?.state.members.has(this.#ports.identity().account)) return;
    const known = findRole(this.#ports.keyLog.state, role)?.key?.statement.gen ?? 0;
    if (known < log.state.gen) await this.publishKey(role);
  }

  newIds(): { readonly role: RoleId; readonly keyring: ConversationId } {
    return { role: newId('role', this.#ports.rng), keyring: newId('conversation', this.#ports.rng) };
  }

  #keyringOf(role: RoleId): ConversationId {
    const view = findRole(this.#ports.keyLog.state, role);
    if (!view) throw new ClientError('request.not_found', 'role');
    return view.keyring;
  }
}
