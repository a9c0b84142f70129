import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePrimitives } from '@baton/client-node';
import { type Bytes, type ConversationId, encodeBase64Url, type OrgId } from '@baton/kernel';
import { hashSealed, LABELS, openEntry, signingInput } from '@baton/ledger';
import { ITEM_KINDS, type ItemKind, sealedCodec, envelopeHeaderCodec, signedCodec } from '@baton/wire';
import pg from 'pg';
import type { TestServer } from '../test-server.ts';

/** Tables of one organisation that a restore of last week's backup brings back. */
const BACKED_UP = [
  'orgs',
  'statements',
  'tree_heads',
  'conversations',
  'members',
  'items',
  'batches',
  'boxes',
  'collection_keys',
  'collection_roots',
  'cursors',
  'watermarks',
  'audit',
] as const;

/**
 * Whoever runs the server: writes into its database as a superuser, past every check that the server makes, and signs with its key.
 * What keeps the clients safe from this person is the clients alone.
 */
export interface Operator {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Commits an item as the server would have, whatever it is; answers its position. */
  insert(place: {
    readonly org: OrgId;
    readonly conv: ConversationId;
    readonly k: ItemKind;
    readonly b: Bytes;
    /** Commit time; now where left out. */
    readonly ts?: number;
  }): Promise<number>;
  /** Signs with the server's key, as receipts, heads and its events of batons are. */
  sign(
    label: typeof LABELS.head | typeof LABELS.receipt | typeof LABELS.batonEvent | typeof LABELS.record,
    body: Bytes,
  ): Promise<Bytes>;
  backUp(): Promise<void>;
  /** Last week's state, and a server that knows nothing else. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function becomeOperator(server: TestServer, superuserUrl: string): Promise<Operator> {
  const database = /@[^/]*(\/[^?]*)/.exec(server.databaseUrl)?.[1] ?? '';
  const client = new pg.Client(superuserUrl.replace(/(@[^/]*)\/[^?]*/, `$1${database}`));
  client.on('error', () => {});
  await client.connect();
  await client.query('SET search_path TO baton');
  const primitives = await nodePrimitives();
  const seed = new Uint8Array(readFileSync(join(server.dataDir, 'server-keys', 'signing')));
  const key = await primitives.signingKeyFromSeed(seed);

  const idOf = (k: ItemKind, b: Bytes): string => {
    const digest = primitives.sha256;
    if (k === 'put') return encodeBase64Url(hashSealed(digest, LABELS.put, b));
    if (k === 'entry') {
      const opened = openEntry(digest, b);
      return opened.ok ? encodeBase64Url(opened.value.hash) : encodeBase64Url(digest(b));
    }
    const sealed = sealedCodec.decode(b);
    const header = sealed.ok ? envelopeHeaderCodec.decode(sealed.value.h) : null;
    return header?.ok ? header.value.id : encodeBase64Url(digest(b));
  };

  return {
    async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
      return (await client.query<Row>(text, [...values])).rows;
    },
    async insert({ org, conv, k, b, ts = Date.now() }) {
      await client.query('BEGIN');
      const [{ batch } = { batch: 0 }] = (
        await client.query<{ batch: string }>(
          'UPDATE orgs SET batch = batch + 1 WHERE org = $1 RETURNING batch',
          [org],
        )
      ).rows;
      const [{ seq } = { seq: 0 }] = (
        await client.query<{ seq: string }>(
          'UPDATE conversations SET seq = seq + 1, batch = $3 WHERE org = $1 AND conv = $2 RETURNING seq',
          [org, conv, batch],
        )
      ).rows;
      // The same item may stand twice: to a server without checks an id is nothing special.
      const id = `${idOf(k, b)}#${batch}`;
      await client.query(
        'INSERT INTO items (org, conv, seq, kind, item_id, body, batch, ts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
        [org, conv, seq, ITEM_KINDS.indexOf(k), id, b, batch, ts],
      );
      await client.query('INSERT INTO batches (org, batch, ts, convs, seqs) VALUES ($1, $2, $3, $4, $5)', [
        org,
        batch,
        ts,
        [conv],
        [seq],
      ]);
      await client.query('COMMIT');
      return Number(seq);
    },
    async sign(label, body) {
      const s = await key.sign(signingInput(primitives.sha256, label, body));
      return signedCodec.encode({ b: body, s });
    },
    async backUp() {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await client.query('DROP SCHEMA IF EXISTS last_week CASCADE; CREATE SCHEMA last_week');
      for (const table of BACKED_UP)
        await client.query(`CREATE TABLE last_week.${table} AS SELECT * FROM baton.${table}`);
      await client.query('COMMIT');
    },
    async restore() {
      await server.halt();
      for (const table of BACKED_UP)
        await client.query(
          `TRUNCATE baton.${table}; INSERT INTO baton.${table} SELECT * FROM last_week.${table}`,
        );
      await server.restart();
    },
    close: () => client.end(),
  };
}
