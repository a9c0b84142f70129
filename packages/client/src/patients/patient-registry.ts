import {
  type AccountId,
  type Clock,
  type ConversationId,
  encodeHex,
  equalBytes,
  newId,
  type Rng,
  type RoleId,
} from '@baton/kernel';
import { type PatientRecord, patientRecordCodec } from '@baton/wire';
import MiniSearch from 'minisearch';
import type { PatientRegistry, PatientRow } from '../api/patients.ts';
import type { CollectionBook, PutRow } from '../collections/collection-book.ts';
import type { CollectionWriter } from '../collections/collection-writer.ts';
import type { ConversationBook } from '../conversations/book.ts';
import type { DirectoryBook } from '../directory/directory-book.ts';
import { ClientError } from '../failure.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';
import { typosAllowed } from '../search/typo-tolerance.ts';
import { comparePatients, toPatientRow } from './patient-row.ts';

const MOST_HITS = 100;

export interface RegistryPorts {
  readonly me: AccountId;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly soon: Soon;
  readonly book: ConversationBook;
  readonly directory: DirectoryBook;
  readonly collections: CollectionBook;
  readonly writer: CollectionWriter;
  readonly entries: EntryWriter;
  /** Collections that hold something else. */
  readonly isOther: (conv: ConversationId) => boolean;
  readonly may: (action: string) => boolean;
}

interface SearchDocument {
  readonly id: string;
  readonly name: string;
  readonly mrn: string;
  readonly birthDate: string;
  readonly phone: string;
}

interface Known {
  readonly record: PatientRecord;
  readonly row: PatientRow;
  readonly ts: number;
}

/** The organisation's patients, from the sealed collection. Search runs over an index that exists only in this device's memory. */
export class CollectionPatientRegistry implements PatientRegistry {
  readonly state: PatientRegistry['state'] & LiveView<ReturnType<PatientRegistry['state']['read']>>;
  readonly rows: LiveView<readonly PatientRow[]>;
  readonly #ports: RegistryPorts;
  readonly #known = new Map<string, Known>();
  /** Reference by hexadecimal key of its put. */
  readonly #refs = new Map<string, string>();
  #index: MiniSearch<SearchDocument> | null = null;
  #loaded: ConversationId | null = null;
  #ready = false;

  constructor(ports: RegistryPorts) {
    this.#ports = ports;
    this.state = new LiveView(ports.soon, () => this.#describe());
    this.rows = new LiveView(ports.soon, () => this.#list());
  }

  /** Where it is; null where there is none here. */
  get id(): ConversationId | null {
    return this.#find();
  }

  /** Reads the local copy; again when a registry appears. */
  async load(): Promise<void> {
    const conv = this.#find();
    if (conv === null || this.#loaded === conv) return this.#announce();
    this.#loaded = conv;
    const rows = await this.#ports.collections.list(conv);
    this.take(conv, rows);
    this.#ready = true;
    this.#announce();
  }

  /** Puts were stored. */
  take(conv: ConversationId, rows: readonly PutRow[]): void {
    if (conv !== this.#loaded) return;
    for (const row of rows) this.#takeOne(row);
    this.#announce();
  }

  search(query: string): readonly PatientRow[] {
    if (query.trim() === '') return this.rows.read();
    this.#index ??= this.#buildIndex();
    const hits = this.#index.search(query).slice(0, MOST_HITS);
    return hits.flatMap((hit) => this.#known.get(hit.id as string)?.row ?? []);
  }

  read(ref: string): PatientRecord | null {
    return this.#known.get(ref)?.record ?? null;
  }

  async establish(members: readonly RoleId[]): Promise<void> {
    if (this.#find() !== null) return;
    const conv = newId('conversation', this.#ports.rng);
    await this.#ports.entries.create(conv, {
      op: 'create',
      kind: 'collection',
      members: members.map((m) => ({ m, hist: true })),
      role: null,
      parent: null,
    });
    await this.load();
  }

  async put(record: PatientRecord): Promise<'added' | 'changed' | 'unchanged'> {
    const conv = this.#find();
    if (conv === null) throw new ClientError('request.not_found', 'registry');
    let outcome: 'added' | 'changed' | 'unchanged' = 'unchanged';
    await this.#ports.writer.put(conv, record.ref, (newest) => {
      const before = newest ? decodeRecord(newest) : null;
      outcome = before === null ? 'added' : 'changed';
      if (before && equalBytes(before.source, record.source)) {
        outcome = 'unchanged';
        return null;
      }
      return patientRecordCodec.encode(record);
    });
    return outcome;
  }

  #find(): ConversationId | null {
    const found = [...this.#ports.book.all()].filter(
      (row) => row.kind === 'collection' && !row.closed && !this.#ports.isOther(row.conv),
    );
    return found.sort((a, b) => a.createdAt - b.createdAt || (a.conv < b.conv ? -1 : 1))[0]?.conv ?? null;
  }

  #takeOne(put: PutRow): void {
    const key = encodeHex(put.key);
    const record = decodeRecord(put);
    const before = this.#refs.get(key);
    if (before !== undefined && before !== record?.ref) this.#known.delete(before);
    if (!record) return;
    this.#refs.set(key, record.ref);
    this.#known.set(record.ref, { record, row: toPatientRow(record, this.#ports.clock.nowMs()), ts: put.ts });
  }

  #announce(): void {
    this.#index = null;
    this.state.invalidate();
    this.rows.invalidate();
  }

  #describe() {
    const conv = this.#find();
    let updatedAt: number | null = null;
    for (const { ts } of this.#known.values()) if (updatedAt === null || ts > updatedAt) updatedAt = ts;
    const available = conv !== null && this.#ports.may('patient.registry.read');
    return { ready: this.#ready, count: this.#known.size, updatedAt, available };
  }

  #list(): readonly PatientRow[] {
    return [...this.#known.values()]
      .sort((a, b) => comparePatients(a.record, b.record))
      .map(({ row }) => row);
  }

  #buildIndex(): MiniSearch<SearchDocument> {
    const index = new MiniSearch<SearchDocument>({
      fields: ['name', 'mrn', 'birthDate', 'phone'],
      searchOptions: { prefix: true, fuzzy: typosAllowed, boost: { name: 2, mrn: 2 }, combineWith: 'AND' },
    });
    index.addAll(
      [...this.#known.values()].map(({ record, row }) => ({
        id: record.ref,
        name: row.name,
        mrn: record.identifiers.map(({ value }) => value).join(' '),
        birthDate: datesOf(record.birthDate),
        phone: record.telecom.map(({ value }) => numbersOf(value)).join(' '),
      })),
    );
    return index;
  }
}

function decodeRecord(put: PutRow): PatientRecord | null {
  if (put.del || put.value === null) return null;
  const decoded = patientRecordCodec.decode(put.value);
  return decoded.ok ? decoded.value : null;
}

/** A telephone number as written, and as people type it: all digits, without the country, the last seven. */
function numbersOf(value: string): string {
  const digits = value.replaceAll(/\D/g, '');
  return [value, digits, digits.slice(-10), digits.slice(-7)].join(' ');
}

/** The ways in which people type a date of birth. */
function datesOf(birthDate: string | null): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate ?? '');
  if (!match) return birthDate ?? '';
  const [, year, month, day] = match as unknown as [string, string, string, string];
  const bare = `${Number(month)}/${Number(day)}/${year}`;
  return [
    `${year}-${month}-${day}`,
    `${month}/${day}/${year}`,
    bare,
    `${month}${day}${year}`,
    `${day}.${month}.${year}`,
  ].join(' ');
}
