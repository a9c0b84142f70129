import type { OrgId } from '@baton/kernel';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';

/** A transaction that has named its organisation: the only way to any tenant table (the second wall, docs/protocol/server.md §2). */
export type OrgTransaction = Transaction<Schema>;

export interface Database {
  /** For the tables that belong to no organisation. */
  readonly global: Kysely<Schema>;
  /** For named statements of one round trip; they name the organisation themselves. */
  readonly pool: pg.Pool;
  inOrg<T>(org: OrgId, work: (trx: OrgTransaction) => Promise<T>): Promise<T>;
  /** A connection of its own (LISTEN), in the server's role like all others. The caller ends it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

const INT8_OID = 20;
const INT8_ARRAY_OID = 1016;

/** 64-bit counters and times are safe integers here. */
const types = new pg.TypeOverrides();
types.setTypeParser(INT8_OID, Number);
types.setTypeParser(INT8_ARRAY_OID, (text) => text.slice(1, -1).split(',').filter(Boolean).map(Number));

/**
 * A process that stands still within a transaction loses it, and whoever waits for its lock gives up and asks again: the organisation's lock is
 * held for a few seconds more, not until somebody finds that process.
 *
 * Whatever login the URL has, work is done as the role that owns nothing and cannot step around row-level security.
 */
async function takeRole(client: pg.ClientBase): Promise<void> {
  await client.query(`SET ROLE baton_app; SET search_path = baton, pg_temp; SET synchronous_commit = on;
    SET idle_in_transaction_session_timeout = '15s'; SET lock_timeout = '10s'`);
}

export async function openDatabase(options: {
  databaseUrl: string;
  onError: (error: Error) => void;
}): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: 10,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    types,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it before anybody gets the connection
    onConnect: takeRole,
  });
  pool.on('error', options.onError);
  // The pool watches idle connections only. One that breaks in use fails its query; unheard, the event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await checkWall(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    global: kysely,
    pool,
    inOrg: (org, work) =>
      kysely.transaction().execute(async (trx) => {
        await sql`select set_config('baton.org', ${org}, true)`.execute(trx);
        return work(trx);
      }),
    async connect() {
      const client = new pg.Client({ connectionString: options.databaseUrl, types });
      client.on('error', options.onError);
      await client.connect();
      await takeRole(client);
      return client;
    },
    close: () => kysely.destroy(),
  };
}

/** Refuses to run in a role that row-level security does not bind. */
async function checkWall(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ unbound: boolean; open: string | null }>(`
    SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS unbound,
      (SELECT string_agg(c.relname, ', ') FROM pg_class c
        WHERE c.relnamespace = 'baton'::regnamespace AND c.relkind = 'r'
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org')
          AND c.relname NOT IN ('locators', 'setup_tokens', 'timers') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
      ) AS open`);
  const row = rows[0];
  if (row === undefined || row.unbound || row.open !== null) {
    throw new Error(`row-level security does not bind this connection (${row?.open ?? 'role'})`);
  }
}
