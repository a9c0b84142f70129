import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const FOLDER = new URL('./migrations/', import.meta.url);
/** Any number, the same in every process that migrates. */
const LOCK_KEY = 8_420_001;
/** tuple concurrently updated (a role is changed by another database's migration), serialization failure, deadlock. */
const PASSING_FAILURES = new Set(['XX000', '40001', '40P01']);
const ATTEMPTS = 5;

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/** The migrations in order; their names begin with the UTC time of writing. */
function listMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(name, FOLDER), 'utf8');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    });
}

/**
 * Brings the database to this version, as the login of the URL. Several processes may call it at once: one works, the others wait.
 * Returns the names of the migrations applied. Throws when an applied migration is not the one in this release.
 */
export async function migrate(options: { databaseUrl: string }): Promise<string[]> {
  const { databaseUrl } = options;
  const client = new pg.Client({ connectionString: databaseUrl });
  // A connection that breaks fails the query under way; unheard, the event would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS baton;
      CREATE TABLE IF NOT EXISTS baton.migrations (
        name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());`);
    const { rows } = await client.query<{ name: string; hash: string }>(
      'SELECT name, hash FROM baton.migrations',
    );
    const applied = new Map(rows.map((row) => [row.name, row.hash]));
    const done: string[] = [];
    for (const migration of listMigrations()) {
      const known = applied.get(migration.name);
      if (known === migration.hash) continue;
      if (known !== undefined)
        throw new Error(`migration ${migration.name} was changed after it was applied`);
      await apply(client, migration);
      done.push(migration.name);
    }
    return done;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('BEGIN; SET LOCAL search_path = baton');
      await client.query(migration.text);
      await client.query('INSERT INTO baton.migrations (name, hash) VALUES ($1, $2)', [
        migration.name,
        migration.hash,
      ]);
      await client.query('COMMIT');
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      const code = error instanceof pg.DatabaseError ? error.code : undefined;
      if (attempt === ATTEMPTS || code === undefined || !PASSING_FAILURES.has(code)) throw error;
      await delay(50 * attempt);
    }
  }
}
