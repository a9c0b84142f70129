import type { MemberId } from '@baton/kernel';
import { listAccounts, listRoles } from '@baton/ledger';
import MiniSearch from 'minisearch';
import type { Directory, Member, Person, Role } from '../api/directory.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import { typosAllowed } from '../search/typo-tolerance.ts';
import { NamesBook, type NamesPorts } from './names-book.ts';

export interface DirectoryPorts extends NamesPorts {
  readonly soon: Soon;
}

interface SearchDocument {
  readonly id: MemberId;
  readonly name: string;
  readonly jobs: string;
  readonly unit: string;
}

/** The names of everybody, listed and searched. */
export class DirectoryBook extends NamesBook implements Directory {
  readonly people: LiveView<readonly Person[]>;
  readonly roles: LiveView<readonly Role[]>;
  readonly #ports: DirectoryPorts;
  #index: MiniSearch<SearchDocument> | null = null;

  constructor(ports: DirectoryPorts) {
    super(ports);
    this.#ports = ports;
    this.people = new LiveView(ports.soon, () => this.#listPeople());
    this.roles = new LiveView(ports.soon, () => this.#listRoles());
  }

  override invalidate(): void {
    super.invalidate();
    this.#index = null;
    this.people.invalidate();
    this.roles.invalidate();
  }

  search(query: string): readonly Member[] {
    if (query.trim() === '') return [...this.people.read(), ...this.roles.read()];
    this.#index ??= this.#buildIndex();
    return this.#index.search(query).flatMap((hit) => this.member(hit.id as MemberId) ?? []);
  }

  #listPeople(): readonly Person[] {
    return listAccounts(this.#ports.keyLog.state)
      .filter((account) => account.claimed && account.kind !== 'patient')
      .map(({ account }) => this.person(account))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  #listRoles(): readonly Role[] {
    return listRoles(this.#ports.keyLog.state)
      .filter((role) => role.active)
      .flatMap((role) => this.role(role.role) ?? [])
      .sort((a, b) => a.name.localeCompare(b.name));
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
