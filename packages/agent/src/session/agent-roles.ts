import type { LiveSession } from '@baton/client';
import { type AccountId, type Bytes, isId, type RoleId, type TimestampMs } from '@baton/kernel';
import { findRole, listRoles } from '@baton/ledger';
import {
  type BatonFacts,
  coversOf,
  type DutyRecord,
  newestRecord,
  type RecordBook,
  replacedAt,
  scheduleOf,
} from '@baton/policy';
import { type Manifest, recordSubject } from '@baton/wire';
import { AgentError } from '../agent-error.ts';

/** A role whose keyring this agent is in. */
export interface KeptRole {
  readonly role: RoleId;
  /** Persons in the keyring, and when their entry was written. */
  readonly holders: readonly { readonly account: AccountId; readonly since: TimestampMs }[];
  /** Its schedule and covers, newest versions, with the hashes by which an entry names them. */
  readonly records: readonly (DutyRecord & { readonly hash: Bytes })[];
  readonly onDuty: (atMs: TimestampMs) => readonly AccountId[];
  /** When that may change by time alone; null: not in sight. */
  readonly nextChange: (atMs: TimestampMs) => TimestampMs | null;
}

/** Who comes in or goes out, and the record that calls for it. */
export interface KeyringTurn {
  readonly change: 'add' | 'remove';
  readonly accounts: readonly AccountId[];
  readonly because: Bytes;
}

/** Keyrings, for an agent whose manifest says `duty`. Every entry names the record that calls for it; everybody's client checks that. */
export class AgentRoles {
  readonly #session: LiveSession;
  readonly #allowed: boolean;

  constructor(session: LiveSession, manifest: Manifest) {
    this.#session = session;
    const keyring = manifest.access.find(({ kind }) => kind === 'keyring');
    this.#allowed = manifest.duty && keyring?.writes.includes('members') === true;
  }

  /** As this device has verified it; nothing without the right. */
  kept(): readonly KeptRole[] {
    if (!this.#allowed) return [];
    const { keyLog } = this.#session.parts;
    return listRoles(keyLog.state)
      .filter(({ active }) => active)
      .flatMap(({ role }) => this.find(role) ?? []);
  }

  find(role: RoleId): KeptRole | null {
    const { parts } = this.#session;
    const view = findRole(parts.keyLog.state, role);
    const log = view ? parts.logs.peek(view.keyring) : null;
    if (!this.#allowed || !log?.state.members.has(this.#me)) return null;
    const joinedAt = (account: AccountId): TimestampMs =>
      log.rows.findLast(({ entry: { op } }) => {
        return (op.op === 'add' || op.op === 'create') && op.members.some(({ m }) => m === account);
      })?.ts ?? 0;
    const people = [...log.state.members.keys()].filter((id): id is AccountId => {
      return isId('account', id) && parts.directory.person(id).kind === 'person';
    });
    return {
      role,
      holders: people.map((account) => ({ account, since: joinedAt(account) })),
      records: recordsOf(parts.recordLog.book, role),
      onDuty: (atMs) => this.#facts().holders(role, atMs),
      nextChange: (atMs) => this.#facts().nextDutyChange(role, atMs),
    };
  }

  /** Everything that the server has now: records and the role's keyring. */
  async refresh(role: RoleId): Promise<void> {
    const { parts } = this.#session;
    await parts.recordLog.catchUp();
    await parts.logs.refreshRoles([role]);
  }

  /** Changes the keyring and publishes the box key that follows. What has been done already is left out, so that doing it twice is harmless. */
  async turnOver(role: RoleId, turns: readonly KeyringTurn[]): Promise<void> {
    if (!this.#allowed) throw new AgentError('manifest', 'keyring.members');
    await this.#session.parts.roles.turnOver(role, turns);
  }

  /** Told when records, keyrings or the key log changed. */
  subscribe(listener: () => void): () => void {
    const { duty, directory } = this.#session;
    const off = [duty.roles.subscribe(listener), directory.roles.subscribe(listener)];
    return () => {
      for (const end of off) end();
    };
  }

  get #me(): AccountId {
    return this.#session.me.read().account;
  }

  #facts(): BatonFacts {
    return this.#session.parts.facts.now();
  }
}

function recordsOf(book: RecordBook, role: RoleId): KeptRole['records'] {
  const schedule = scheduleOf(book, role);
  const bodies = [...(schedule ? [schedule] : []), ...coversOf(book, role)];
  return bodies.flatMap((body) => {
    const placed = newestRecord(book, recordSubject(body));
    if (!placed) return [];
    return [{ body, hash: placed.hash, at: placed.at, replacedAt: replacedAt(book, placed) }];
  });
}
