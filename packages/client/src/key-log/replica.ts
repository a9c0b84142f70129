import {
  applyStatement,
  certificateNeededBy,
  checkHeadOfLog,
  checkTreeHead,
  type Digest,
  emptyKeyLog,
  findOrg,
  type KeyLogState,
  keyLogSize,
  openStatement,
  type Verify,
} from '@baton/ledger';
import { type Bytes, decodeBase64Url, encodeBase64Url, equalBytes, type TimestampMs } from '@baton/kernel';
import {
  appendStatementsAnswer,
  hashField,
  keyLogPage,
  makeCodec,
  timestampField,
  uintField,
} from '@baton/wire';
import { z } from 'zod';
import type { Alarms } from '../alarms/alarms.ts';
import { ClientError } from '../failure.ts';
import { positionKey, prefixRange, type Store, type StoreWrite } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { Table } from '../tables/table.ts';
import type { Certificates } from './certificates.ts';

const PAGE = 500;

const pinnedHead = z.strictObject({
  v: z.literal(1),
  size: uintField,
  logRoot: hashField,
  mapRoot: hashField,
  ts: timestampField,
});
const pinnedHeadCodec = makeCodec(pinnedHead, { limitBytes: 400 });
type PinnedHead = z.infer<typeof pinnedHead>;

const confirmedSchema = z.strictObject({ v: z.literal(1), batch: uintField, size: uintField });
const confirmedCodec = makeCodec(confirmedSchema, { limitBytes: 100 });
type Confirmed = z.infer<typeof confirmedSchema>;
const CONFIRMED_KEPT = 16;

export interface ReplicaPorts {
  readonly rest: Rest;
  readonly store: Store;
  readonly alarms: Alarms;
  readonly certificates: Certificates;
  readonly digest: Digest;
  readonly verify: Verify;
  /** Hash of the org statement, from the vault or the invitation link. */
  readonly root: Bytes;
  readonly changed: () => void;
}

/**
 * This device's own copy of the organisation's key log. Every statement is verified before it is kept; every signed head is compared with
 * the copy and with the newest head seen before, so that a rolled-back or forked server is noticed (threat T9).
 */
export class KeyLogReplica {
  readonly #ports: ReplicaPorts;
  readonly #heads: Table<PinnedHead>;
  readonly #confirmations: Table<Confirmed>;
  #state: KeyLogState;
  #pinned: PinnedHead | null = null;
  #running: Promise<void> | null = null;
  #queued: Promise<void> | null = null;
  /** How much of the log was known when the server answered for everything up to a batch, oldest first. */
  #confirmed: readonly Confirmed[] = [];
  /** Time of each statement, never going back. */
  #times: TimestampMs[] = [];

  constructor(ports: ReplicaPorts) {
    this.#ports = ports;
    this.#heads = new Table(ports.store, 'profile', pinnedHeadCodec);
    this.#confirmations = new Table(ports.store, 'profile', confirmedCodec);
    this.#state = emptyKeyLog(ports.digest);
  }

  get state(): KeyLogState {
    return this.#state;
  }

  get size(): number {
    return keyLogSize(this.#state);
  }

  /** Size of the log at a moment, by the statements' own times. */
  sizeAt(atMs: TimestampMs): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] as number) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The server answered for everything up to `batch` after this device had seen `size` statements. It orders statements and items under
   * one lock, so whatever it commits later was judged by no fewer: a device that was revoked by then writes nothing new.
   */
  async confirm(batch: number, size: number): Promise<void> {
    if (size <= (this.#confirmed.at(-1)?.size ?? 0)) return;
    const confirmed: Confirmed = { v: 1, batch, size };
    this.#confirmed = [...this.#confirmed, confirmed].slice(-CONFIRMED_KEPT);
    await this.#confirmations.save('keylog-confirmed', confirmed);
  }

  /** The fewest statements by which something committed in this batch can have been judged, as far as this device knows. */
  floorOf(batch: number): number {
    const floor = this.#confirmed.findLast((confirmed) => confirmed.batch < batch)?.size ?? 0;
    return Math.min(floor, this.size);
  }

  /** Rebuilds the state from the store. What is there was verified before it was sealed, so signatures are not checked twice. */
  async load(): Promise<void> {
    this.#pinned = await this.#heads.get('keylog-head');
    const confirmed = await this.#confirmations.get('keylog-confirmed');
    if (confirmed) this.#confirmed = [confirmed];
    const rows = await this.#ports.store.list('statements', prefixRange(''));
    let state = this.#state;
    for (const { value } of rows) {
      const applied = await this.#apply(state, value, async () => true);
      if (!applied.ok) throw new ClientError(applied.code, 'store.statements');
      state = applied.state;
      this.#noteTime(value);
    }
    this.#state = state;
    if (rows.length > 0) this.#requireRoot(state);
  }

  /**
   * Fetches and verifies what is new; with `atLeast` only where the copy is shorter. One round at a time: answers that overtake each other
   * would look like a rollback. Throws when the server cannot be asked.
   */
  catchUp(atLeast?: number): Promise<void> {
    if (atLeast !== undefined && this.size >= atLeast) return Promise.resolve();
    // A round that has not begun yet serves everybody who asks meanwhile.
    this.#queued ??= (this.#running ?? Promise.resolve()).then(() => {
      this.#queued = null;
      const round = this.#fetch();
      this.#running = round.catch(() => {});
      return round;
    });
    return this.#queued;
  }

  /** Appends own statements and takes them up at once. */
  async append(statements: readonly Bytes[]): Promise<void> {
    await this.#ports.rest.call({
      method: 'POST',
      path: '/keylog',
      body: { statements: statements.map(encodeBase64Url) },
      answer: appendStatementsAnswer,
    });
    await this.catchUp();
  }

  async #fetch(): Promise<void> {
    for (;;) {
      const before = this.size;
      const page = await this.#ports.rest.call({
        method: 'GET',
        path: '/keylog',
        query: { after: before, limit: PAGE },
        answer: keyLogPage,
      });
      if (page.size < before) {
        this.#alarm('ledger.rollback', 'size');
        return;
      }
      await this.#take(page.statements);
      await this.#checkHead(bytesOf(page.head));
      if (this.size > before) this.#ports.changed();
      if (this.size >= page.size) return;
      if (this.size === before) {
        this.#alarm('ledger.bad_proof', 'statements');
        return;
      }
    }
  }

  async #take(statements: readonly string[]): Promise<void> {
    const writes: StoreWrite[] = [];
    let state = this.#state;
    for (const text of statements) {
      const bytes = bytesOf(text);
      const applied = await this.#apply(state, bytes, this.#ports.verify);
      if (!applied.ok) {
        this.#alarm(applied.code, `statement.${keyLogSize(state)}`);
        break;
      }
      writes.push({ table: 'statements', key: positionKey(keyLogSize(state)), value: bytes });
      state = applied.state;
    }
    if (writes.length === 0) return;
    this.#requireRoot(state);
    await this.#ports.store.write(writes);
    this.#state = state;
    for (const { value } of writes) if (value) this.#noteTime(value);
  }

  #noteTime(statement: Bytes): void {
    const opened = openStatement(this.#ports.digest, statement);
    const ts = opened.ok ? opened.value.body.ts : 0;
    this.#times.push(Math.max(ts, this.#times.at(-1) ?? 0));
  }

  async #apply(state: KeyLogState, bytes: Bytes, verify: Verify) {
    const needed = certificateNeededBy(this.#ports.digest, bytes);
    const certificate = needed ? await this.#ports.certificates.signed(needed) : null;
    const applied = await applyStatement(state, bytes, { verify, ...(certificate ? { certificate } : {}) });
    if (!applied.ok) return { ok: false, code: applied.error.code } as const;
    if (needed && certificate) await this.#ports.certificates.remember(needed, certificate);
    return { ok: true, state: applied.value } as const;
  }

  /** The first statement must be the one that the invitation or the vault pinned: anything else is another organisation. */
  #requireRoot(state: KeyLogState): void {
    const org = findOrg(state);
    if (org && equalBytes(org.root, this.#ports.root)) return;
    this.#alarm('ledger.fork', 'root');
    throw new ClientError('ledger.fork', 'root');
  }

  async #checkHead(signedHead: Bytes): Promise<void> {
    const org = findOrg(this.#state);
    if (!org) return;
    const { digest, verify } = this.#ports;
    const checked = await checkTreeHead(signedHead, { digest, verify, org: org.org, serverKey: org.server });
    if (!checked.ok) return this.#alarm(checked.error.code, 'head');
    const { head } = checked.value;
    const pinned = this.#pinned;
    if (pinned && head.size < pinned.size) return this.#alarm('ledger.rollback', 'head');
    if (pinned && head.size === pinned.size && !equalBytes(head.logRoot, pinned.logRoot))
      return this.#alarm('ledger.fork', 'head');
    // A head beyond the copy is compared with the next page.
    if (head.size > this.size) return;
    const fits = checkHeadOfLog(this.#state, head);
    if (!fits.ok) return this.#alarm(fits.error.code, `head.${fits.error.at}`);
    const { size, logRoot, mapRoot, ts } = head;
    this.#pinned = { v: 1, size, logRoot, mapRoot, ts };
    await this.#heads.save('keylog-head', this.#pinned);
  }

  #alarm(code: 'ledger.rollback' | 'ledger.fork' | ClientError['code'], at: string): void {
    this.#ports.alarms.raise({ code, severity: 'danger', about: `keylog.${at}` });
  }
}

function bytesOf(text: string): Bytes {
  const bytes = decodeBase64Url(text);
  if (!bytes) throw new ClientError('wire.malformed', 'keylog');
  return bytes;
}
