import {
  type CollectionIndex,
  type GenerationKeys,
  makeCollectionIndex,
  type Primitives,
  unsealPut,
} from '@baton/crypto';
import { type Bytes, type ConversationId, decodeBase64Url, encodeHex } from '@baton/kernel';
import {
  checkCollectionRoot,
  checkPutChain,
  hashSealed,
  LABELS,
  openCollectionRoot,
  openPut,
  type OpenedPut,
} from '@baton/ledger';
import {
  bytesBetween,
  type CollectionRoot,
  hashField,
  type Item,
  type itemBody,
  makeCodec,
  MAX_SEALED_BYTES,
  MAX_ITEMS_PER_FRAME,
  snapshotBody,
  timestampField,
  uintField,
} from '@baton/wire';
import { z } from 'zod';
import type { Alarms } from '../alarms/alarms.ts';
import { BadItem, type ItemJudge } from '../conversations/item-judge.ts';
import type { CollectionSink } from '../conversations/stream.ts';
import { ClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { entryInForce, mayWriteIn, rolesOf } from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import { prefixRange, type Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import type { Connection } from '../sync/connection.ts';
import { asItems } from '../sync/engine.ts';
import type { ItemRow } from '../tables/records.ts';
import { Table } from '../tables/table.ts';
import { fitsRoot } from './collection-root.ts';

const PAGE = 200;
/** So far apart may be the first and the last put of a collection that has no signed root. */
const ROOTLESS_MS = 10 * 60_000;

const putRow = z.strictObject({
  v: z.literal(1),
  key: hashField,
  seq: uintField,
  ts: timestampField,
  version: uintField,
  hash: hashField,
  del: z.boolean(),
  /** Opened value; null with `del`, or while its key is missing. */
  value: bytesBetween(0, MAX_SEALED_BYTES).nullable(),
  /** The sealed put, while it cannot be opened. */
  raw: bytesBetween(1, MAX_SEALED_BYTES).nullable(),
});
export type PutRow = z.infer<typeof putRow>;
const putCodec = makeCodec<PutRow>(putRow, { limitBytes: 600_000 });

export interface CollectionPorts {
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
  /** Puts were stored. */
  readonly changed: (conv: ConversationId, rows: readonly PutRow[]) => void;
}

/** Collections as this device has verified them: the newest put of every key. */
export class CollectionBook implements CollectionSink {
  readonly #ports: CollectionPorts;
  readonly #table: Table<PutRow>;

  constructor(ports: CollectionPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'puts', putCodec);
  }

  /** Takes a snapshot and checks it against the newest root that a member signed. Answers the position it reaches to. */
  async introduce(conv: ConversationId): Promise<number> {
    const snapshot = await this.#fetchSnapshot(conv);
    const rows: PutRow[] = [];
    for (const item of snapshot.items) {
      const row = await this.#open(conv, item);
      if (row) rows.push(row);
    }
    if (snapshot.root) await this.#compareRoot(conv, rows, { signed: snapshot.root, seq: snapshot.seq });
    else this.#requireYoung(conv, snapshot.items);
    await this.#ports.store.write(rows.map((row) => this.#table.put(keyOf(conv, row.key), row)));
    this.#ports.changed(conv, rows);
    return snapshot.seq;
  }

  /** One put of the stream. */
  async take(conv: ConversationId, item: Item): Promise<ItemRow> {
    const { seq, batch, ts } = item;
    const base = { v: 1, seq, batch, ts } as const;
    try {
      const opened = this.#decode(item);
      const newest = await this.#table.get(keyOf(conv, opened.header.key));
      if (newest && newest.seq >= seq) return { ...base, s: 'put', hash: opened.hash };
      const chain = checkPutChain(opened.header, newest);
      if (!chain.ok) throw new BadItem(chain.error.code, chain.error.at, true);
      const row = await this.#verify(conv, item, opened);
      await this.#table.save(keyOf(conv, row.key), row);
      this.#ports.changed(conv, [row]);
      return { ...base, s: 'put', hash: opened.hash };
    } catch (error) {
      const bad = this.#ports.judge.report(conv, error);
      const hash = hashSealed(this.#ports.primitives.sha256, LABELS.put, item.b);
      return { ...base, s: 'problem', k: 'put', hash, code: bad.code, at: bad.at };
    }
  }

  async get(conv: ConversationId, key: Bytes): Promise<PutRow | null> {
    return this.#table.get(keyOf(conv, key));
  }

  async list(conv: ConversationId): Promise<PutRow[]> {
    return (await this.#table.list(prefixRange(`${conv}/`))).map(({ row }) => row);
  }

  /** Tries again what waited for a key. */
  async reopen(conv: ConversationId): Promise<void> {
    const opened: PutRow[] = [];
    for (const row of await this.list(conv)) {
      if (row.raw === null) continue;
      const again = await this.#open(conv, { seq: row.seq, k: 'put', b: row.raw, batch: 0, ts: row.ts });
      if (again && again.raw === null) opened.push(again);
    }
    if (opened.length === 0) return;
    await this.#ports.store.write(opened.map((row) => this.#table.put(keyOf(conv, row.key), row)));
    this.#ports.changed(conv, opened);
  }

  /** Opaque key of a text; null where this account cannot read the collection from its beginning. */
  async keyFor(conv: ConversationId, text: string): Promise<Bytes | null> {
    return (await this.index(conv))?.opaqueKey(text) ?? null;
  }

  /** How texts become opaque keys here; null as with `keyFor`. */
  async index(conv: ConversationId): Promise<CollectionIndex | null> {
    const first: GenerationKeys | null = await this.#ports.generations.find(conv, 1);
    return first && makeCollectionIndex(this.#ports.primitives, first);
  }

  async #fetchSnapshot(conv: ConversationId) {
    const items: Item[] = [];
    let after = 0;
    let upTo: number | null = null;
    let root: Bytes | null = null;
    for (;;) {
      const page: z.infer<typeof snapshotBody> = await this.#ports.rest.call({
        method: 'GET',
        path: `/conversations/${conv}/snapshot`,
        query: { after, upTo, limit: PAGE },
        answer: snapshotBody,
      });
      if (upTo === null) {
        upTo = page.seq;
        root = page.root === null ? null : decodeBase64Url(page.root);
      }
      items.push(...page.puts.map(toItem));
      if (page.next === null) return { items, seq: upTo, root };
      if (page.next <= after) throw new ClientError('ledger.bad_proof', 'snapshot');
      after = page.next;
    }
  }

  /** null for a put that does not hold: it is left out, and the alarm says so. */
  async #open(conv: ConversationId, item: Item): Promise<PutRow | null> {
    try {
      return await this.#verify(conv, item, this.#decode(item));
    } catch (error) {
      this.#ports.judge.report(conv, error);
      return null;
    }
  }

  /** Whoever writes signs the root soon after: a collection that is older and has none was robbed of it. */
  #requireYoung(conv: ConversationId, items: readonly Item[]): void {
    const times = items
      .map((item) => openPut(this.#ports.primitives.sha256, item.b))
      .flatMap((opened) => {
        return opened.ok ? [opened.value.header.ts] : [];
      });
    if (times.length === 0 || Math.max(...times) - Math.min(...times) < ROOTLESS_MS) return;
    this.#ports.judge.report(conv, new BadItem('ledger.rollback', 'collection.root', true));
  }

  #decode(item: Item): OpenedPut {
    const opened = openPut(this.#ports.primitives.sha256, item.b);
    if (!opened.ok) throw new BadItem(opened.error.code, opened.error.at, true);
    return opened.value;
  }

  async #verify(conv: ConversationId, item: Item, opened: OpenedPut): Promise<PutRow> {
    const { judge, generations, primitives } = this.#ports;
    await judge.judge(conv, item, opened);
    const { header, hash } = opened;
    const { key, version, del } = header;
    const base = { v: 1, key, version, del, hash, seq: item.seq, ts: item.ts } as const;
    const keys = await generations.find(conv, header.gen);
    if (!keys) return { ...base, value: null, raw: item.b };
    const value = await unsealPut(primitives, { opened, keys });
    return { ...base, value: del ? null : value, raw: null };
  }

  async #compareRoot(
    conv: ConversationId,
    rows: readonly PutRow[],
    claim: { readonly signed: Bytes; readonly seq: number },
  ): Promise<void> {
    try {
      const root = await this.#checkRoot(conv, claim.signed);
      const since = root.seq < claim.seq ? await this.#putsAfter(conv, root.seq, claim.seq) : [];
      if (fitsRoot(this.#ports.primitives.sha256, root, rows, since)) return;
      throw new BadItem('ledger.rollback', 'collection.root', true);
    } catch (error) {
      this.#ports.judge.report(conv, error);
    }
  }

  async #checkRoot(conv: ConversationId, signed: Bytes): Promise<CollectionRoot> {
    const { primitives, certificates, keyLog } = this.#ports;
    const { sha256: digest, verifyEd25519: verify } = primitives;
    const opened = openCollectionRoot(digest, signed);
    if (!opened.ok) throw new BadItem(opened.error.code, 'collection.root', true);
    const { body } = opened.value;
    if (body.conv !== conv) throw new BadItem('ledger.wrong_purpose', 'collection.root', true);
    const certificate = await certificates.check(keyLog.state, body.dk, {
      atMs: body.ts,
      size: Math.max(1, keyLog.sizeAt(body.ts)),
    });
    const checked = await checkCollectionRoot(signed, { digest, verify, certificate });
    if (!checked.ok) throw new BadItem(checked.error.code, 'collection.root', true);
    await this.#requireMember(conv, body);
    return body;
  }

  /** A root is a member's word. */
  async #requireMember(conv: ConversationId, root: CollectionRoot): Promise<void> {
    const { keyLog, logs } = this.#ports;
    const log = await logs.require(conv);
    await logs.prepareRoles(rolesOf(log.state));
    const gen = entryInForce(log, root.seq)?.entry.gen ?? 0;
    const standing = { log, keyLog: keyLog.state, author: root.author, gen, keyring: logs.keyring };
    const wasMember = [keyLog.sizeAt(root.ts), keyLog.size].some((size) => mayWriteIn({ ...standing, size }));
    if (!wasMember) throw new BadItem('policy.not_a_member', 'collection.root', true);
  }

  async #putsAfter(conv: ConversationId, from: number, to: number): Promise<OpenedPut[]> {
    const puts: OpenedPut[] = [];
    for (let after = from; after < to; ) {
      const { items } = asItems(
        await this.#ports.connection().ask({ t: 'pull', conv, after, limit: MAX_ITEMS_PER_FRAME }),
      );
      const last = items.at(-1);
      if (!last || last.seq <= after) throw new ClientError('ledger.rollback', `${conv}.${after}`);
      for (const item of items) if (item.k === 'put' && item.seq <= to) puts.push(this.#decode(item));
      after = last.seq;
    }
    return puts;
  }
}

function toItem(body: z.infer<typeof itemBody>): Item {
  const b = decodeBase64Url(body.b);
  if (!b) throw new ClientError('wire.malformed', 'snapshot');
  return { ...body, b };
}

function keyOf(conv: ConversationId, key: Bytes): string {
  return `${conv}/${encodeHex(key)}`;
}
