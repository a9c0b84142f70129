import {
  type AccountId,
  type Clock,
  isId,
  type MemberId,
  type RoleId,
  type TimestampMs,
} from '@baton/kernel';
import { findAccount, findRole, type RoleView } from '@baton/ledger';
import type { ManifestBook } from '../agents/manifest-book.ts';
import type { Member, Person, Role } from '../api/directory.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import { findPerson } from './person.ts';

export interface NamesPorts {
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly manifests: Pick<ManifestBook, 'peek'>;
  readonly clock: Clock;
  readonly me: AccountId;
  /** What the practice calls a patient's account, which has no name in the key log; null where it does not know. */
  readonly patientName?: (account: AccountId) => string | null;
}

/** The program of the texting assistant, as its manifest names it. */
const TEXTING_PROGRAM = 'sms';

/** Names of people and roles, from the verified key log and the keyrings' verified logs; never from the server. */
export class NamesBook {
  readonly #ports: NamesPorts;
  readonly #persons = new Map<AccountId, Person>();
  readonly #roles = new Map<RoleId, Role | null>();

  constructor(ports: NamesPorts) {
    this.#ports = ports;
  }

  /** The key log or a keyring changed. */
  invalidate(): void {
    this.#persons.clear();
    this.#roles.clear();
  }

  /** What these are called may have changed. */
  forget(accounts: Iterable<AccountId>): void {
    for (const account of accounts) this.#persons.delete(account);
  }

  /** Always an answer: somebody unknown is shown as unverified. */
  readonly person = (id: AccountId): Person => {
    const known = this.#persons.get(id);
    if (known) return known;
    const { keyLog, clock, patientName } = this.#ports;
    const found = findPerson(keyLog.state, id, clock.nowMs());
    const name = found.kind === 'patient' ? patientName?.(id) : null;
    const person = name ? { ...found, name } : found;
    this.#persons.set(id, person);
    return person;
  };

  readonly role = (id: RoleId): Role | null => {
    const known = this.#roles.get(id);
    if (known !== undefined) return known;
    const view = findRole(this.#ports.keyLog.state, id);
    const role = view ? this.#toRole(view) : null;
    this.#roles.set(id, role);
    return role;
  };

  readonly member = (id: MemberId): Member | null => {
    if (isId('role', id)) return this.role(id);
    return isId('account', id) ? this.person(id) : null;
  };

  /** By the manifest that the account has now, or had at that time; those of all who have written here are in memory. */
  readonly isTexting = (id: AccountId, atMs: TimestampMs): boolean => {
    const { keyLog, manifests } = this.#ports;
    return [keyLog.size, keyLog.sizeAt(atMs)].some((size) => {
      const hash = findAccount(keyLog.state, id, size)?.manifest ?? null;
      return hash !== null && manifests.peek(hash)?.program === TEXTING_PROGRAM;
    });
  };

  #toRole(view: RoleView): Role {
    const keyring = this.#ports.logs.peek(view.keyring);
    const holders = [...(keyring?.state.members.keys() ?? [])]
      .filter((id): id is AccountId => isId('account', id))
      .map(this.person);
    return {
      kind: 'role',
      id: view.role,
      name: view.name,
      unit: view.unit,
      use: view.kind,
      keyring: view.keyring,
      holders,
      heldByMe: holders.some(({ id }) => id === this.#ports.me),
    };
  }
}
