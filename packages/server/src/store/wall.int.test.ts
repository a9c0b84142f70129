import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { encodeUtf8, newId, type OrgId } from '@baton/kernel';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import type { TestConversation } from '../testing/conversation.ts';
import { type AppendRow, appendBatch } from './appends.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

// The second wall: row-level security holds whatever a statement says, for an ordinary login and for a superuser's.

let postgres: TemporaryPostgres;
let server: TestServer;
let ours: TestPractice;
let theirs: TestPractice;
let theirConversation: TestConversation;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('wall'));
  ours = await TestPractice.create(server);
  theirs = await TestPractice.create(server);
  theirConversation = await theirs.converse(theirs.admin, [theirs.admin]);
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

async function withDatabase<T>(databaseUrl: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase({ databaseUrl, onError: () => {} });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function rowFor(conversation: TestConversation, practice: TestPractice): AppendRow {
  return {
    conv: conversation.conv,
    kind: 'envelope',
    id: newId('message', nodePorts.rng),
    body: encodeUtf8('ciphertext'),
    gen: conversation.gen,
    logN: conversation.n,
    keyring: null,
    put: null,
    ask: null,
    account: practice.admin.account,
    session: newId('session', nodePorts.rng),
  };
}

async function keyLogSizeOf(practice: TestPractice): Promise<number> {
  return (await practice.keyLog()).tree.size;
}

it("refuses a batch that names another organisation's conversation, and leaves no trace of it", async () => {
  const at = { org: ours.org.org, atMs: nodePorts.clock.nowMs(), keyLogSize: await keyLogSizeOf(ours) };
  await withDatabase(server.config.databaseUrl, async (db) => {
    const [verdict] = await appendBatch(db, at, [rowFor(theirConversation, ours)]);
    expect(verdict).toMatchObject({ outcome: 'not_found', seq: 0, batch: 0 });
    const stored = await db.inOrg(theirs.org.org, (trx) =>
      trx.selectFrom('items').select('seq').where('conv', '=', theirConversation.conv).execute(),
    );
    expect(stored).toHaveLength(1);
    // The very same row is taken when its own organisation is named: nothing else was wrong with it.
    const own = { ...at, org: theirs.org.org, keyLogSize: await keyLogSizeOf(theirs) };
    const [taken] = await appendBatch(db, own, [rowFor(theirConversation, theirs)]);
    expect(taken).toMatchObject({ outcome: 'new', seq: 2 });
  });
});

describe.each([['an ordinary login'], ['a superuser']])('as %s', (who) => {
  const url = async (): Promise<string> => {
    if (who === 'an ordinary login') return server.config.databaseUrl;
    // The superuser's own URL, with the name of our database in it.
    const text = postgres.superuserUrl.replace(/\/baton(?=\?|$)/, '/wall');
    await migrate({ databaseUrl: text });
    return text;
  };

  it('works in a role without rights of its own', async () => {
    await withDatabase(await url(), async (db) => {
      const { rows } = await db.pool.query<{ current_user: string }>('SELECT current_user');
      expect(rows[0]?.current_user).toBe('baton_app');
    });
  });

  it('shows no row of any tenant table unless the transaction has named an organisation, and then only its own', async () => {
    await withDatabase(await url(), async (db) => {
      const { rows: tables } = await db.pool.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org'
         WHERE c.relnamespace = 'baton'::regnamespace AND c.relkind = 'r'
           AND c.relname NOT IN ('locators', 'setup_tokens', 'timers')`,
      );
      expect(tables.length).toBeGreaterThan(20);
      for (const { name } of tables) {
        const { rows } = await db.pool.query(`SELECT 1 FROM ${name} LIMIT 1`);
        expect(rows, name).toHaveLength(0);
        const seen = await db.inOrg(ours.org.org, async (trx) =>
          trx
            .selectFrom(name as 'items')
            .select('org')
            .distinct()
            .execute(),
        );
        for (const { org } of seen) expect(org, name).toBe(ours.org.org);
      }
    });
  });

  it("cannot write into another organisation's rows", async () => {
    await withDatabase(await url(), async (db) => {
      const insert = db.inOrg(ours.org.org, (trx) =>
        trx
          .insertInto('roles')
          .values({ org: theirs.org.org, role: 'r_x', keyring: 'c_x', active: true })
          .execute(),
      );
      await expect(insert).rejects.toMatchObject({ code: '42501' });
      const moved = await db.inOrg(ours.org.org, (trx) =>
        trx
          .updateTable('conversations')
          .set({ closed: true })
          .where('conv', '=', theirConversation.conv)
          .executeTakeFirst(),
      );
      expect(moved.numUpdatedRows).toBe(0n);
    });
  });

  it.each([
    'items',
    'audit',
    'statements',
    'certificates',
    'boxes',
    'batches',
    'tree_heads',
    'audit_checkpoints',
    'blobs',
    'org_records',
    'manifests',
    'baton_events',
    'baton_reached',
    'escalations',
    'escalation_boxes',
  ])('may neither change nor delete %s', async (table) => {
    await withDatabase(await url(), async (db) => {
      await expect(db.pool.query(`UPDATE ${table} SET org = org`)).rejects.toMatchObject({ code: '42501' });
      await expect(db.pool.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
      await expect(db.pool.query(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: '42501' });
    });
  });
});

it('refuses to start on a table without forced row-level security', async () => {
  const databaseUrl = await postgres.createDatabase('hole');
  await migrate({ databaseUrl });
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  await owner.query('ALTER TABLE baton.items NO FORCE ROW LEVEL SECURITY');
  await owner.end();
  await expect(openDatabase({ databaseUrl, onError: () => {} })).rejects.toThrow(/items/);
});

it('migrates once when several processes start together, and refuses a migration that was changed', async () => {
  const databaseUrl = await postgres.createDatabase('together');
  const runs = await Promise.all([1, 2, 3].map(() => migrate({ databaseUrl })));
  expect(runs.filter((done) => done.length > 0)).toHaveLength(1);
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  await owner.query("UPDATE baton.migrations SET hash = 'other' WHERE name LIKE '%organisations.sql'");
  await owner.end();
  await expect(migrate({ databaseUrl })).rejects.toThrow(/changed after it was applied/);
});

it('keeps the organisation of one transaction out of the next on the same connection', async () => {
  await withDatabase(server.config.databaseUrl, async (db) => {
    const org: OrgId = ours.org.org;
    await db.inOrg(org, (trx) => trx.selectFrom('orgs').select('org').execute());
    await db.pool.query('SELECT * FROM read_changes($1, $2, 0, 10)', [org, ours.admin.account]);
    const { rows } = await db.pool.query<{ org: string | null }>(
      "SELECT nullif(current_setting('baton.org', true), '') AS org",
    );
    expect(rows[0]?.org).toBeNull();
  });
});
