import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { newId } from '@baton/kernel';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import { appendBatch, type AppendRow } from './appends.ts';
import { openDatabase } from './database.ts';

const { clock, rng } = nodePorts;
let postgres: TemporaryPostgres;
let server: TestServer;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('appends'));
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

it('looks each row up by itself, with the plan that was made while the tables were empty', async () => {
  const practice = await TestPractice.create(server);
  const conversation = await practice.converse(practice.admin, [practice.admin]);
  const keyLogSize = (await practice.keyLog()).tree.size;
  const { databaseUrl } = server.config;
  const db = await openDatabase({ databaseUrl, onError: () => {} });
  const client = await db.connect();
  // One connection throughout, so that its statistics are all there is.
  const one = { ...db, pool: client as unknown as pg.Pool };
  const makeRow = (): AppendRow => ({
    conv: conversation.conv,
    kind: 'envelope',
    id: newId('message', rng),
    body: rng.bytes(300),
    gen: 1,
    logN: 0,
    keyring: null,
    put: null,
    ask: null,
    account: practice.admin.account,
    session: newId('session', rng),
  });
  const batches = 30;
  const size = 64;
  for (let n = 0; n < batches; n++) {
    const at = { org: practice.org.org, atMs: clock.nowMs(), keyLogSize };
    const verdicts = await appendBatch(one, at, Array.from({ length: size }, makeRow));
    expect(verdicts.every(({ outcome }) => outcome === 'new')).toBe(true);
  }
  await client.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await client.query<{ read: number; written: number }>(
    `SELECT seq_tup_read + idx_tup_fetch AS read, n_tup_ins AS written
     FROM pg_stat_user_tables WHERE relname = 'items'`,
  );
  await client.end();
  await db.close();
  expect(rows[0]?.written).toBeGreaterThanOrEqual(batches * size);
  // A plan that goes through the conversation for each batch would have read hundreds of times as many.
  expect(rows[0]?.read).toBeLessThan(batches * size);
});
