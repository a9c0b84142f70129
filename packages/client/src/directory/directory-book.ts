import { type AccountId, type Clock, isId, type MemberId, type RoleId } from '@baton/kernel';
import { findRole, listAccounts, listRoles, type RoleView } from '@baton/ledger';
import MiniSearch from 'minisearch';
import type { Directory, Member, Person, Role } from '../api/directory.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import { typosAllowed } from '../search/typo-tolerance.ts';
import { findPerson, toPerson } from './person.ts';

export interface DirectoryPorts {
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly clock: Clock;
  readonly soon: Soon;
  readonly me: AccountId;
}

interface SearchDocument {
  readonly id: MemberId;
  readonly name: string;
  readonly jobs: string;
  readonly unit: string;
}

/** People and roles, read from the verified key log and the keyrings' verified logs. */
export class DirectoryBook implements Directory {
  readonly people: LiveView<readonly Person[]>;
  readonly roles: LiveView<readonly Role[]>;
  readonly #ports: DirectoryPorts;
  readonly #persons = new Map<AccountId, Person>();
  readonly #roles = new Map<RoleId, Role | null>();
  #index: MiniSearch<SearchDocument> | null = null;

  constructor(ports: DirectoryPorts) {
    this.#ports = ports;
    this.people = new LiveView(ports.soon, () => this.#listPeople());
    this.roles = new LiveView(ports.soon, () => this.#listRoles());
  }

  /** The key log or a keyring changed. */
  invalidate(): void {
    this.#persons.clear();
    this.#roles.clear();
    this.#index = null;
    this.people.invalidate();
    this.roles.invalidate();
  }

  /** Always an answer: somebody unknown is shown as unverified. */
  readonly person = (id: AccountId): Person => {
    const known = this.#persons.get(id);
    if (known) return known;
    const person = findPerson(this.#ports.keyLog.state, id, this.#ports.clock.nowMs());
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

  search(query: string): readonly Member[] {
    if (query.trim() === '') return [...this.people.read(), ...this.roles.read()];
    this.#index ??= this.#buildIndex();
    return this.#index.search(query).flatMap((hit) => this.member(hit.id as MemberId) ?? []);
  }

  #listPeople(): readonly Person[] {
    const { keyLog, clock } = this.#ports;
    const nowMs = clock.nowMs();
    return listAccounts(keyLog.state)
      .filter((account) => account.claimed && account.kind !== 'patient')
      .map((account) => this.#keep(toPerson(keyLog.state, account, nowMs)))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  #listRoles(): readonly Role[] {
    return listRoles(this.#ports.keyLog.state)
      .filter((role) => role.active)
      .flatMap((role) => this.role(role.role) ?? [])
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  #keep(person: Person): Person {
    const known = this.#persons.get(person.id);
    if (known) return known;
    this.#persons.set(person.id, person);
    return person;
  }

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

  #buildIndex(): MiniSearch<SearchDocument> {
    const index = new MiniSearch<SearchDocument>({
      fields: ['name', 'jobs', 'unit'],
      searchOptions: { prefix: true, fuzzy: typosAllowed, boost: { name: 3 }, combineWith: 'AND' },
    });
    index.addAll([
      ...this.people.read().map((person) => ({
        id: person.id,
        name: person.name,
        jobs: person.jobs.join(' ').replaceAll('-', ' '),
        unit: '',
      })),
      ...this.roles
        .read()
        .map((role) => ({ id: role.id, name: role.name, jobs: role.use, unit: role.unit ?? '' })),
    ]);
    return index;
  }
}
