import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { WebSocketServer } from 'ws';

// The limit that accepts/s is held against: a WebSocket relay that knows nothing of organisations, members, generations or receipts. It
// checks one Ed25519 signature per message and writes the same rows (item, outbox, audit) in batches, acknowledging after the commit.
// Frame: conversation id (24) | item id (24) | public key (32) | signature (64) | body. Runs as a process of its own: argv is the database.

const MOST_PER_BATCH = 128;
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const SCHEMA = `
  DROP TABLE IF EXISTS items, batches, audit;
  CREATE TABLE items (org text COLLATE "C", conv text COLLATE "C", seq bigint, kind smallint, item_id text COLLATE "C", body bytea,
    batch bigint, ts bigint, PRIMARY KEY (org, conv, seq));
  ALTER TABLE items ALTER COLUMN body SET STORAGE EXTERNAL;
  CREATE UNIQUE INDEX ON items (org, conv, item_id);
  CREATE TABLE batches (org text COLLATE "C", batch bigint, ts bigint, convs text[], seqs bigint[], PRIMARY KEY (org, batch));
  CREATE TABLE audit (org text COLLATE "C", n bigint, at bigint, actor text, session text, action text, object text, outcome text,
    PRIMARY KEY (org, n));`;
const INSERT = {
  name: 'insert_batch',
  text: `WITH input AS MATERIALIZED (
    SELECT u.*, substring($1::bytea FROM (sum(u.length) OVER (ORDER BY u.ord) - u.length + 1)::integer FOR u.length) AS body
    FROM unnest($2::integer[], $3::text[], $4::text[], $5::bigint[]) WITH ORDINALITY AS u (length, conv, id, seq, ord)),
  stored AS (INSERT INTO items SELECT 'org', conv, seq, 1, id, body, $6::bigint, $7::bigint FROM input),
  audited AS (INSERT INTO audit SELECT 'org', $8::bigint + ord, $7::bigint, conv, id, 'message.append', conv, 'ok' FROM input)
  INSERT INTO batches SELECT 'org', $6::bigint, $7::bigint, array_agg(conv), array_agg(seq) FROM input`,
};

interface Waiting {
  readonly conv: string;
  readonly id: string;
  readonly body: Buffer;
  readonly done: (seq: number) => void;
}

async function main(databaseUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  await pool.query(SCHEMA);
  const keys = new Map<string, KeyObject>();
  const sequences = new Map<string, number>();
  const queue: Waiting[] = [];
  let batch = 0;
  let written = 0;
  let busy = false;

  const commit = async (): Promise<void> => {
    busy = true;
    while (queue.length > 0) {
      const rows = queue.splice(0, MOST_PER_BATCH);
      const seqs = rows.map((row) => {
        const seq = (sequences.get(row.conv) ?? 0) + 1;
        sequences.set(row.conv, seq);
        return seq;
      });
      batch += 1;
      const bodies = rows.map((row) => row.body);
      const lengths = bodies.map((body) => body.length);
      const [convs, ids] = [rows.map((row) => row.conv), rows.map((row) => row.id)];
      await pool.query({
        ...INSERT,
        values: [Buffer.concat(bodies), lengths, convs, ids, seqs, batch, Date.now(), written],
      });
      written += rows.length;
      for (const [index, row] of rows.entries()) row.done(seqs[index] as number);
    }
    busy = false;
  };

  const keyOf = (raw: Buffer): KeyObject => {
    const name = raw.toString('latin1');
    let key = keys.get(name);
    if (key === undefined) {
      key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: 'der', type: 'spki' });
      keys.set(name, key);
    }
    return key;
  };

  const http = createServer();
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const frame = data as Buffer;
      const body = frame.subarray(144);
      verify(null, body, keyOf(frame.subarray(48, 80)), frame.subarray(80, 144), (error, valid) => {
        if (error !== null || !valid) return socket.close(1008);
        const ack = Buffer.alloc(8);
        const done = (seq: number): void => {
          ack.writeBigUInt64BE(BigInt(seq));
          socket.send(ack);
        };
        queue.push({
          conv: frame.toString('latin1', 0, 24),
          id: frame.toString('latin1', 24, 48),
          body,
          done,
        });
        if (!busy) {
          busy = true;
          setImmediate(() => void commit());
        }
      });
    });
  });
  http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as { port: number }).port }));
  process.on('disconnect', () => process.exit(0));
}

await main(process.argv[2] as string);
