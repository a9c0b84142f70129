import { type Bytes, decodeBase64Url, encodeBase64Url, type RoleId, type TimestampMs } from '@baton/kernel';
import { checkRecord, type Digest, findAuthority, openRecord, type Verify } from '@baton/ledger';
import { ADMIN_JOBS, applyRecord, emptyRecordBook, type RecordActor, type RecordBook } from '@baton/policy';
import {
  appendRecordsAnswer,
  bytesBetween,
  type ErrorCode,
  makeCodec,
  type OrgRecord,
  recordPage,
  timestampField,
  uintField,
} from '@baton/wire';
import { z } from 'zod';
import type { Alarms } from '../alarms/alarms.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { positionKey, prefixRange, type Store, type StoreWrite } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { Table } from '../tables/table.ts';

const PAGE = 200;

const recordRow = z.strictObject({
  v: z.literal(1),
  pos: uintField,
  at: timestampField,
  signed: bytesBetween(1, 40_000),
});
type RecordRow = z.infer<typeof recordRow>;
const recordRowCodec = makeCodec<RecordRow>(recordRow, { limitBytes: 41_000 });

export interface RecordLogPorts {
  readonly rest: Rest;
  readonly store: Store;
  readonly alarms: Alarms;
  readonly certificates: Certificates;
  readonly keyLog: KeyLogReplica;
  readonly digest: Digest;
  readonly verify: Verify;
  /** Whether the account was on duty in the role at that moment, as far as it can be told; for covers that a holder signs. */
  readonly wasOnDuty: (account: RecordActor['account'], role: RoleId, atMs: TimestampMs) => boolean;
  readonly wasInCharge: (account: RecordActor['account'], role: RoleId, atMs: TimestampMs) => boolean;
  /** Fetches what decides who may sign what: key log and keyrings. */
  readonly freshen: () => Promise<void>;
  readonly changed: () => void;
}

/**
 * This device's own copy of the organisation's records (docs/protocol/batons.md §2). Each is verified before it is kept: signature,
 * certificate, version chain and the author's right. A server that shows fewer than before is rolling back (threat T9).
 */
export class RecordLog {
  readonly #ports: RecordLogPorts;
  readonly #table: Table<RecordRow>;
  #book: RecordBook = emptyRecordBook();
  /** The book after each record, with the record's commit time: what was in force at an earlier moment. */
  #history: { readonly at: TimestampMs; readonly book: RecordBook }[] = [];
  #running: Promise<void> | null = null;
  #queued: Promise<void> | null = null;

  constructor(ports: RecordLogPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'records', recordRowCodec);
  }

  get book(): RecordBook {
    return this.#book;
  }

  get size(): number {
    return this.#history.length;
  }

  /** What was in force at a moment. */
  bookAt(atMs: TimestampMs): RecordBook {
    return this.#history.findLast(({ at }) => at <= atMs)?.book ?? emptyRecordBook();
  }

  /** Rows were verified before they were sealed: neither signatures nor rights are judged again. */
  async load(): Promise<void> {
    for (const { row } of await this.#table.list(prefixRange(''))) {
      const opened = openRecord(this.#ports.digest, row.signed);
      if (!opened.ok) throw new ClientError(opened.error.code, 'store.records');
      const { body, hash } = opened.value;
      const actor = {
        account: body.author,
        jobs: ADMIN_JOBS,
        active: true,
        onDutyIn: () => true,
        inChargeOf: () => true,
      };
      const applied = applyRecord(this.#book, { record: body, hash, at: row.at, pos: row.pos }, actor);
      if (!applied.ok) throw new ClientError(applied.error.code, 'store.records');
      this.#keep(applied.value, row.at);
    }
  }

  /** Fetches and verifies what is new; with `atLeast` only where the copy is shorter. Throws when the server cannot be asked. */
  catchUp(atLeast?: number): Promise<void> {
    if (atLeast !== undefined && this.size >= atLeast) return Promise.resolve();
    this.#queued ??= (this.#running ?? Promise.resolve()).then(() => {
      this.#queued = null;
      const round = this.#fetch();
      this.#running = round.catch(() => {});
      return round;
    });
    return this.#queued;
  }

  /** Appends own records, all or none, and takes them up at once. */
  async append(records: readonly Bytes[]): Promise<void> {
    await this.#ports.rest.call({
      method: 'POST',
      path: '/records',
      body: { records: records.map(encodeBase64Url) },
      answer: appendRecordsAnswer,
    });
    await this.catchUp();
  }

  async #fetch(): Promise<void> {
    const before = this.size;
    for (;;) {
      const after = this.size;
      const page = await this.#ports.rest.call({
        method: 'GET',
        path: '/records',
        query: { after, limit: PAGE },
        answer: recordPage,
      });
      if (page.size < after) return this.#alarm('ledger.rollback', 'size');
      await this.#take(page.records);
      if (this.size === after || this.size >= page.size) {
        if (this.size < page.size) this.#alarm('ledger.bad_chain', `record.${after + 1}`);
        break;
      }
    }
    if (this.size > before) this.#ports.changed();
  }

  async #take(records: z.infer<typeof recordPage>['records']): Promise<void> {
    const writes: StoreWrite[] = [];
    const taken: { book: RecordBook; at: TimestampMs }[] = [];
    let book = this.#book;
    for (const { pos, at, record } of records) {
      const signed = decodeBase64Url(record);
      if (!signed || pos !== this.size + taken.length + 1) break;
      try {
        book = await this.#verify(book, { pos, at, signed });
      } catch (error) {
        if (!isClientError(error) || error.retryMs > 0) throw error;
        this.#alarm(error.code, `record.${pos}`);
        break;
      }
      taken.push({ book, at });
      writes.push(this.#table.put(positionKey(pos), { v: 1, pos, at, signed }));
    }
    if (writes.length === 0) return;
    await this.#ports.store.write(writes);
    for (const { book: next, at } of taken) this.#keep(next, at);
  }

  async #verify(
    book: RecordBook,
    shown: { readonly pos: number; readonly at: TimestampMs; readonly signed: Bytes },
  ): Promise<RecordBook> {
    const { digest, verify, certificates, keyLog, freshen } = this.#ports;
    const opened = openRecord(digest, shown.signed);
    if (!opened.ok) throw new ClientError(opened.error.code, 'record');
    const { body, hash } = opened.value;
    const attempt = async (): Promise<RecordBook> => {
      const certificate = await certificates.checkPast(keyLog.state, body.dk, {
        atMs: body.ts,
        committedAtMs: shown.at,
      });
      const checked = await checkRecord(opened.value, { digest, verify, certificate });
      if (!checked.ok) throw new ClientError(checked.error.code, checked.error.at);
      const placed = { record: body, hash, at: shown.at, pos: shown.pos };
      const applied = applyRecord(book, placed, this.#actorOf(body, shown.at));
      if (!applied.ok) throw new ClientError(applied.error.code, applied.error.at);
      return applied.value;
    };
    try {
      return await attempt();
    } catch (error) {
      if (!isClientError(error) || error.retryMs > 0) throw error;
      // The author's account, device or role may be newer than this copy of the key log.
      await freshen();
      return attempt();
    }
  }

  #actorOf(record: OrgRecord, atMs: TimestampMs): RecordActor {
    const { keyLog, wasOnDuty, wasInCharge } = this.#ports;
    const authority = findAuthority(keyLog.state, record.author, atMs);
    return {
      account: record.author,
      jobs: authority?.jobs ?? [],
      active: authority?.active ?? false,
      onDutyIn: (role) => wasOnDuty(record.author, role, atMs),
      inChargeOf: (role) => wasInCharge(record.author, role, atMs),
    };
  }

  #keep(book: RecordBook, at: TimestampMs): void {
    this.#book = book;
    this.#history.push({ at, book });
  }

  #alarm(code: ErrorCode, at: string): void {
    this.#ports.alarms.raise({ code, severity: 'danger', about: `records.${at}` });
  }
}
