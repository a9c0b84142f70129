import {
  type CollectionIndex,
  type GenerationKeys,
  makeCollectionIndex,
  type Primitives,
  unsealPut,
} from '@baton/crypto';
import {
  type AccountId,
  type Bytes,
  type ConversationId,
  decodeBase64Url,
  encodeHex,
  type OrgId,
} from '@baton/kernel';
import {
  checkPutChain,
  type CollectionMap,
  EMPTY_COLLECTION,
  hashSealed,
  LABELS,
  openPut,
  type OpenedPut,
  setInCollection,
  sparseRoot,
} from '@baton/ledger';
import { type Item, type itemBody, snapshotBody } from '@baton/wire';
import type { z } from 'zod';
import type { Alarms } from '../alarms/alarms.ts';
import { BadItem, type ItemJudge } from '../conversations/item-judge.ts';
import type { CollectionSink } from '../conversations/stream.ts';
import { ClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import { prefixRange, type Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import type { Connection } from '../sync/connection.ts';
import { Lanes } from '../sync/lanes.ts';
import type { ItemRow } from '../tables/records.ts';
import { Table } from '../tables/table.ts';
import type { NewestPut } from './collection-root.ts';
import { openedRow, putCodec, type PutRow } from './put-row.ts';
import { SnapshotCheck } from './snapshot-check.ts';
import { ValueJudge } from './value-judge.ts';

const PAGE = 200;
/** So many puts of a snapshot are opened at the same time. */
const SIDE_BY_SIDE = 32;
/** Kept with a collection, so that not every start looks through all of it for puts that wait for their key. */
const NONE_WAITS = 0;
const SOME_WAIT = 1;

export type { PutRow } from './put-row.ts';

export interface CollectionPorts {
  readonly org: OrgId;
  readonly primitives: Primitives;
  readonly rest: Rest;
  readonly store: Store;
  readonly connection: () => Connection;
  readonly judge: ItemJudge;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly logs: MembershipLogs;
  readonly generations: GenerationBook;
  readonly alarms: Alarms;
  readonly nameOf: (account: AccountId) => string;
  /** Puts were stored. */
  readonly changed: (conv: ConversationId, rows: readonly PutRow[]) => void;
}

/** Collections as this device has verified them: the newest put of every key. */
export class CollectionBook implements CollectionSink {
  readonly #ports: CollectionPorts;
  readonly #table: Table<PutRow>;
  readonly #lanes = new Lanes();
  /** Content of the collections that this device has signed a root of. */
  readonly #maps = new Map<ConversationId, CollectionMap>();
  readonly #indices = new Map<ConversationId, CollectionIndex>();
  readonly #snapshots: SnapshotCheck;
  readonly #values: ValueJudge;

  constructor(ports: CollectionPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'puts', putCodec);
    this.#snapshots = new SnapshotCheck(ports);
    this.#values = new ValueJudge({
      org: ports.org,
      digest: ports.primitives.sha256,
      keyLog: ports.keyLog,
      authorOf: (of) => ports.judge.authorOf(of),
      index: (conv) => this.index(conv),
      refused: (conv, { code, at }, by) =>
        ports.alarms.raise({
          code,
          severity: 'danger',
          about: `${conv}.${at}.${by}`,
          sentence: `${ports.nameOf(by)} wrote something into the practice’s records that is not theirs to write (${at}). It was not taken; what was there stays. Ask them, and an administrator.`,
        }),
    });
  }

  /** Takes a snapshot and checks it against the newest root that a member signed. Answers the position it reaches to. */
  async introduce(conv: ConversationId): Promise<number> {
    const taken: NewestPut[] = [];
    const times: number[] = [];
    let page = await this.#fetchPage(conv, { after: 0, upTo: null });
    const { seq, root } = page;
    for (;;) {
      // The next page is on its way while this one is opened.
      const { puts, next } = page;
      const following = next === null ? null : this.#fetchPage(conv, { after: next, upTo: seq });
      following?.catch(() => {});
      const rows = await this.#openSideBySide(conv, puts);
      await this.#store(conv, rows);
      for (const { key, seq: at, hash } of rows) taken.push({ key, seq: at, hash });
      if (!root) times.push(...this.#snapshots.signedTimes(puts));
      if (following === null) break;
      page = await following;
    }
    if (root) await this.#snapshots.compareRoot(conv, taken, { signed: root, seq });
    else this.#snapshots.requireYoung(conv, times);
    return seq;
  }

  /**
   * One put of the stream. Several may be asked for side by side: they are verified at the same time and stored in the order in which they were
   * asked for, since each follows the one before it under its key.
   */
  take(conv: ConversationId, item: Item): Promise<ItemRow> {
    const verified = this.#judge(conv, item);
    return this.#lanes.run(conv, async () => {
      const { seq, batch, ts } = item;
      const base = { v: 1, seq, batch, ts } as const;
      try {
        const opened = this.#decode(item);
        const newest = await this.#table.get(keyOf(conv, opened.header.key));
        if (newest && newest.seq >= seq) {
          // Another tab has stored it: what is in memory here does not know of it yet.
          this.#note(conv, [newest]);
          this.#ports.changed(conv, [newest]);
          return { ...base, s: 'put', hash: opened.hash };
        }
        const chain = checkPutChain(opened.header, newest);
        if (!chain.ok) throw new BadItem(chain.error.code, chain.error.at, true);
        const judged = await verified;
        if ('error' in judged) throw judged.error;
        const settled = { before: newest, sealed: item.b };
        await this.#store(conv, [await this.#values.settle(conv, judged.row, settled)]);
        return { ...base, s: 'put', hash: opened.hash };
      } catch (error) {
        const bad = this.#ports.judge.report(conv, error);
        const hash = hashSealed(this.#ports.primitives.sha256, LABELS.put, item.b);
        return { ...base, s: 'problem', k: 'put', hash, code: bad.code, at: bad.at };
      }
    });
  }

  async get(conv: ConversationId, key: Bytes): Promise<PutRow | null> {
    return this.#table.get(keyOf(conv, key));
  }

  async list(conv: ConversationId): Promise<PutRow[]> {
    return (await this.#table.list(prefixRange(`${conv}/`))).map(({ row }) => row);
  }

  /** Tries again what waited for a key. */
  async reopen(conv: ConversationId): Promise<void> {
    const marker = await this.#ports.store.get('puts', waitingKey(conv));
    if (marker !== null && marker[0] === NONE_WAITS) return;
    const opened: PutRow[] = [];
    let waits = false;
    for (const row of await this.list(conv)) {
      if (row.raw === null) continue;
      const item = { seq: row.seq, k: 'put', b: row.raw, batch: 0, ts: row.ts } as const;
      const again = await this.#open(conv, item, row);
      if (again && again.raw === null) opened.push(again);
      else waits = true;
    }
    await this.#store(conv, opened);
    if (!waits) await this.#mark(conv, NONE_WAITS);
  }

  /** Root over the newest puts as they are here; kept from put to put. In the collection's lane. */
  async root(conv: ConversationId): Promise<Bytes> {
    const { sha256 } = this.#ports.primitives;
    if (!this.#maps.has(conv)) {
      this.#maps.set(conv, EMPTY_COLLECTION);
      this.#note(conv, await this.list(conv));
    }
    return sparseRoot(sha256, this.#maps.get(conv) ?? EMPTY_COLLECTION);
  }

  /** Throws `policy.forbidden` for what no reader would let count, before it is sealed. */
  async requireCounts(
    conv: ConversationId,
    put: { readonly key: Bytes; readonly content: Bytes; readonly before: PutRow | null },
    me: { readonly author: AccountId; readonly dk: Bytes },
  ): Promise<void> {
    try {
      await this.#values.require(conv, put, me);
    } catch (error) {
      throw error instanceof BadItem ? new ClientError(error.code, error.at) : error;
    }
  }

  /** Opaque key of a text; null where this account cannot read the collection from its beginning. */
  async keyFor(conv: ConversationId, text: string): Promise<Bytes | null> {
    return (await this.index(conv))?.opaqueKey(text) ?? null;
  }

  /** How texts become opaque keys here; null as with `keyFor`. */
  async index(conv: ConversationId): Promise<CollectionIndex | null> {
    const known = this.#indices.get(conv);
    if (known) return known;
    const first: GenerationKeys | null = await this.#ports.generations.find(conv, 1);
    if (first === null) return null;
    const index = makeCollectionIndex(this.#ports.primitives, first);
    this.#indices.set(conv, index);
    return index;
  }

  async #fetchPage(
    conv: ConversationId,
    from: { readonly after: number; readonly upTo: number | null },
  ): Promise<{ seq: number; root: Bytes | null; puts: readonly Item[]; next: number | null }> {
    const page = await this.#ports.rest.call({
      method: 'GET',
      path: `/conversations/${conv}/snapshot`,
      query: { ...from, limit: PAGE },
      answer: snapshotBody,
    });
    if (page.next !== null && page.next <= from.after) throw new ClientError('ledger.bad_proof', 'snapshot');
    const root = page.root === null ? null : decodeBase64Url(page.root);
    return { seq: page.seq, root, puts: page.puts.map(toItem), next: page.next };
  }

  async #openSideBySide(conv: ConversationId, items: readonly Item[]): Promise<PutRow[]> {
    const rows: PutRow[] = [];
    for (let from = 0; from < items.length; from += SIDE_BY_SIDE) {
      const some = items.slice(from, from + SIDE_BY_SIDE);
      for (const row of await Promise.all(some.map((item) => this.#open(conv, item))))
        if (row) rows.push(row);
    }
    return rows;
  }

  async #store(conv: ConversationId, rows: readonly PutRow[]): Promise<void> {
    if (rows.length === 0) return;
    const writes = rows.map((row) => this.#table.put(keyOf(conv, row.key), row));
    if (rows.some(({ raw }) => raw !== null))
      writes.push({ table: 'puts', key: waitingKey(conv), value: new Uint8Array([SOME_WAIT]) });
    await this.#ports.store.write(writes);
    this.#note(conv, rows);
    this.#ports.changed(conv, rows);
  }

  #note(conv: ConversationId, rows: readonly PutRow[]): void {
    let map = this.#maps.get(conv);
    if (!map) return;
    for (const row of rows) map = setInCollection(this.#ports.primitives.sha256, map, row);
    this.#maps.set(conv, map);
  }

  #mark(conv: ConversationId, state: number): Promise<void> {
    return this.#ports.store.write([
      { table: 'puts', key: waitingKey(conv), value: new Uint8Array([state]) },
    ]);
  }

  /** null for a put that does not hold: it is left out, and the alarm says so. `before`: as far as this device knows. */
  async #open(conv: ConversationId, item: Item, before: PutRow | null = null): Promise<PutRow | null> {
    try {
      const row = await this.#verify(conv, item, this.#decode(item));
      return await this.#values.settle(conv, row, { before, sealed: item.b });
    } catch (error) {
      this.#ports.judge.report(conv, error);
      return null;
    }
  }

  #decode(item: Item): OpenedPut {
    const opened = openPut(this.#ports.primitives.sha256, item.b);
    if (!opened.ok) throw new BadItem(opened.error.code, opened.error.at, true);
    return opened.value;
  }

  /** Never rejects: who asked may not need the answer. */
  async #judge(
    conv: ConversationId,
    item: Item,
  ): Promise<{ readonly row: PutRow } | { readonly error: unknown }> {
    try {
      return { row: await this.#verify(conv, item, this.#decode(item)) };
    } catch (error) {
      return { error };
    }
  }

  async #verify(conv: ConversationId, item: Item, opened: OpenedPut): Promise<PutRow> {
    const { judge, generations, primitives } = this.#ports;
    const author = await judge.judge(conv, item, opened);
    const { header, hash } = opened;
    const { key, version, del } = header;
    const base = { key, version, del, hash, seq: item.seq, ts: item.ts };
    const keys = await generations.find(conv, header.gen);
    if (!keys) return openedRow(base, { value: null, raw: item.b, author });
    const value = await unsealPut(primitives, { opened, keys });
    return openedRow(base, { value: del ? null : value, raw: null, author });
  }
}

function toItem(body: z.infer<typeof itemBody>): Item {
  const b = decodeBase64Url(body.b);
  if (!b) throw new ClientError('wire.malformed', 'snapshot');
  return { ...body, b };
}

/** Beside the puts: no collection's id begins so. */
function waitingKey(conv: ConversationId): string {
  return `waiting/${conv}`;
}

function keyOf(conv: ConversationId, key: Bytes): string {
  return `${conv}/${encodeHex(key)}`;
}
