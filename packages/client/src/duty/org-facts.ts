import { type AccountId, type ConversationId, isId, type RoleId, type TimestampMs } from '@baton/kernel';
import { findAccount, findRole, keyLogSize, listAccounts, listRoles } from '@baton/ledger';
import { type BatonFacts, createBatonFacts, type DutyOrg, wasMember } from '@baton/policy';
import type { ManifestBook } from '../agents/manifest-book.ts';
import type { MembershipViews } from '../agents/membership-views.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { RecordLog } from './record-log.ts';

export interface OrgFactsPorts {
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly records: RecordLog;
  readonly views: MembershipViews;
  readonly manifests: ManifestBook;
}

/** The organisation as batons see it, from what this device has verified: records, key log and the roles' keyrings. */
export class OrgFacts {
  readonly #ports: OrgFactsPorts;
  #now: BatonFacts | null = null;

  constructor(ports: OrgFactsPorts) {
    this.#ports = ports;
  }

  /** Something of what they are made of changed. */
  invalidate(): void {
    this.#now = null;
  }

  now(): BatonFacts {
    this.#now ??= createBatonFacts(this.#ports.records.book, this.org());
    return this.#now;
  }

  /** Key log and keyrings as they are. */
  org(): DutyOrg {
    return this.#orgAt(keyLogSize(this.#ports.keyLog.state), (role) => this.#membersNow(role));
  }

  /** As it was at a moment: the newest of everything that had been committed by then. */
  readonly at = (atMs: TimestampMs): BatonFacts => {
    const { keyLog, records } = this.#ports;
    if (atMs === Number.MAX_SAFE_INTEGER) return this.now();
    const org = this.#orgAt(Math.max(1, keyLog.sizeAt(atMs)), (role) => this.#membersAt(role, atMs));
    return createBatonFacts(records.bookAt(atMs), org);
  };

  /**
   * Puts into memory what says whether an agent may end an answer by itself: its manifest, then and now, and the conversation's log, where this
   * device has it. Throws `limit.busy` where the server has to be asked and cannot be.
   */
  async prepareSettling(
    agent: AccountId,
    asked: { conv: ConversationId | null; atMs: TimestampMs },
  ): Promise<void> {
    const { keyLog, logs, manifests } = this.#ports;
    const sizes = [Math.max(1, keyLog.sizeAt(asked.atMs)), keyLogSize(keyLog.state)];
    const hashes = sizes.flatMap((size) => findAccount(keyLog.state, agent, size)?.manifest ?? []);
    await manifests.prepare(hashes);
    if (asked.conv) await logs.load(asked.conv);
  }

  #orgAt(size: number, keyringMembers: (role: RoleId) => AccountId[]): DutyOrg {
    const { keyLog, logs, views } = this.#ports;
    return {
      view: views.view(size),
      roles: () =>
        listRoles(keyLog.state, size).map(({ role, name, unit, active, keyring }) => ({
          role,
          name,
          unit,
          active,
          keyring,
        })),
      keyringMembers,
      accounts: () => listAccounts(keyLog.state, size).map(({ account }) => account),
      conversation(conv) {
        const state = logs.peek(conv)?.state;
        if (!state) return null;
        const { kind, members, past } = state;
        return { kind, hasMember: (account) => members.has(account) || past.has(account) };
      },
    };
  }

  #membersNow(role: RoleId): AccountId[] {
    const state = this.#ports.logs.keyring(role);
    return [...(state?.members.keys() ?? [])].filter((id): id is AccountId => isId('account', id));
  }

  #membersAt(role: RoleId, atMs: TimestampMs): AccountId[] {
    const { keyLog, logs } = this.#ports;
    const view = findRole(keyLog.state, role);
    const log = view ? logs.peek(view.keyring) : null;
    const gen = log?.rows.findLast(({ ts }) => ts <= atMs)?.entry.gen;
    if (!log || gen === undefined) return [];
    const { members, past } = log.state;
    return [...new Set([...members.keys(), ...past.keys()])].filter(
      (id): id is AccountId => isId('account', id) && wasMember(log.state, id, gen),
    );
  }
}
