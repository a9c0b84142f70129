import {
  type AccountId,
  type Bytes,
  type Clock,
  type ConversationId,
  encodeHex,
  equalBytes,
  type OrgId,
  type RoleId,
} from '@baton/kernel';
import type { Digest } from '@baton/ledger';
import { type PatientRecord, patientRecordCodec } from '@baton/wire';
import type { PatientRegistry, PatientRow } from '../api/patients.ts';
import type { CollectionBook, PutRow } from '../collections/collection-book.ts';
import type { CollectionWriter } from '../collections/collection-writer.ts';
import { namedCollectionOf } from '../collections/named-collection.ts';
import { standingOf } from '../collections/put-row.ts';
import type { ConversationBook } from '../conversations/book.ts';
import type { DirectoryBook } from '../directory/directory-book.ts';
import { ClientError, isClientError } from '../failure.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';
import { PatientShelf } from './patient-shelf.ts';

export interface RegistryPorts {
  readonly me: AccountId;
  readonly org: OrgId;
  readonly digest: Digest;
  readonly clock: Clock;
  readonly soon: Soon;
  readonly book: ConversationBook;
  readonly directory: DirectoryBook;
  readonly collections: CollectionBook;
  readonly writer: CollectionWriter;
  readonly entries: EntryWriter;
  readonly sync: SyncEngine;
  /** Collections that hold something else. */
  readonly isOther: (conv: ConversationId) => boolean;
  readonly may: (action: string) => boolean;
}

/** The organisation's patients, from the sealed collection. Search runs over an index that exists only in this device's memory. */
export class CollectionPatientRegistry implements PatientRegistry {
  readonly state: PatientRegistry['state'] & LiveView<ReturnType<PatientRegistry['state']['read']>>;
  readonly rows: LiveView<readonly PatientRow[]>;
  readonly #ports: RegistryPorts;
  readonly #seqs = new Map<string, number>();
  /** Reference by hexadecimal key of its put. */
  readonly #refs = new Map<string, string>();
  #shelf: PatientShelf;
  #at: ConversationId | null = null;
  #loading: Promise<void> | null = null;
  #ready = false;

  constructor(ports: RegistryPorts) {
    this.#ports = ports;
    this.#shelf = new PatientShelf(ports.clock);
    this.state = new LiveView(ports.soon, () => this.#describe());
    this.rows = new LiveView(ports.soon, () => this.#shelf.rows());
  }

  /** Where it is; null where there is none here. */
  get id(): ConversationId | null {
    return this.#at;
  }

  /** Reads the local copy; again when a registry appears. */
  async load(): Promise<void> {
    const conv = this.#find();
    if (conv === null || conv === this.#at) return this.#loading ?? this.#announce();
    this.#at = conv;
    this.#ready = false;
    this.#shelf = new PatientShelf(this.#ports.clock);
    this.#seqs.clear();
    this.#refs.clear();
    this.#loading = this.#read(conv).finally(() => {
      this.#loading = null;
    });
    await this.#loading;
  }

  /** Puts were stored. */
  take(conv: ConversationId, rows: readonly PutRow[]): void {
    if (conv !== this.#at) return;
    for (const row of rows) this.#takeOne(row);
    this.#announce();
  }

  search(query: string): readonly PatientRow[] {
    return query.trim() === '' ? this.rows.read() : this.#shelf.search(query);
  }

  read(ref: string): PatientRecord | null {
    return this.#shelf.read(ref);
  }

  async establish(members: readonly RoleId[]): Promise<void> {
    const { entries, sync, digest, org } = this.#ports;
    // One that another device has made since would be made a second time.
    await sync.catchUp();
    await this.load();
    if (this.#at !== null) return;
    const conv = namedCollectionOf(digest, org, 'patients');
    try {
      await entries.create(conv, {
        op: 'create',
        kind: 'collection',
        members: members.map((m) => ({ m, hist: true })),
        role: null,
        parent: null,
      });
    } catch (error) {
      if (!isClientError(error, 'conflict.head') && !isClientError(error, 'conflict.exists')) throw error;
      await sync.run(conv, () => sync.pullToNewest(conv));
    }
    await this.load();
  }

  async put(record: PatientRecord): Promise<'added' | 'changed' | 'unchanged'> {
    if (this.#at === null) throw new ClientError('request.not_found', 'registry');
    let outcome: 'added' | 'changed' | 'unchanged' = 'unchanged';
    await this.#ports.writer.put(this.#at, record.ref, (newest) => {
      const before = newest ? decodeRecord(newest.value) : null;
      outcome = before === null ? 'added' : 'changed';
      if (before && equalBytes(before.source, record.source)) {
        outcome = 'unchanged';
        return null;
      }
      return patientRecordCodec.encode(record);
    });
    return outcome;
  }

  /** By its name; one that is older than the name is the oldest collection that is nothing else. */
  #find(): ConversationId | null {
    const { book, digest, org, isOther } = this.#ports;
    const named = book.get(namedCollectionOf(digest, org, 'patients'));
    if (named?.kind === 'collection' && !named.closed) return named.conv;
    const found = [...book.all()].filter(
      (row) => row.kind === 'collection' && !row.closed && !isOther(row.conv),
    );
    return found.sort((a, b) => a.createdAt - b.createdAt || (a.conv < b.conv ? -1 : 1))[0]?.conv ?? null;
  }

  async #read(conv: ConversationId): Promise<void> {
    const rows = await this.#ports.collections.list(conv);
    if (conv !== this.#at) return;
    this.take(conv, rows);
    this.#shelf.prepare();
    this.#ready = true;
    this.#announce();
  }

  #takeOne(put: PutRow): void {
    const key = encodeHex(put.key);
    // What came while the local copy was read is newer than the copy.
    if ((this.#seqs.get(key) ?? -1) >= put.seq && put.raw === null) return;
    this.#seqs.set(key, put.seq);
    const standing = standingOf(put);
    const record = decodeRecord(standing?.value ?? null);
    const before = this.#refs.get(key);
    if (before !== undefined && before !== record?.ref) {
      this.#shelf.remove(before);
      this.#refs.delete(key);
    }
    if (!record || standing === null) return;
    this.#refs.set(key, record.ref);
    this.#shelf.put(record, standing);
  }

  #announce(): void {
    this.state.invalidate();
    this.rows.invalidate();
  }

  #describe() {
    const available = this.#at !== null && this.#ports.may('patient.registry.read');
    const { size: count, updatedAt } = this.#shelf;
    return { ready: this.#ready, count, updatedAt, available };
  }
}

function decodeRecord(value: Bytes | null): PatientRecord | null {
  const decoded = value === null ? null : patientRecordCodec.decode(value);
  return decoded?.ok ? decoded.value : null;
}
