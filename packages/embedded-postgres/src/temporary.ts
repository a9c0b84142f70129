import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startCluster } from './start.ts';

export interface TemporaryPostgres {
  /** Login as `baton` (no superuser; may create roles) to the database `baton`. */
  readonly url: string;
  readonly superuserUrl: string;
  /** Creates an empty database owned by `baton` and returns its url. Name: a-z, 0-9, _; at most 63 long. */
  createDatabase(name: string): Promise<string>;
  /** Ends the server and removes its data. It also ends by itself when the process that started it does. */
  stop(): Promise<void>;
}

/**
 * A throw-away PostgreSQL for tests, ready in about a second: durable settings as in production (a crash test means
 * something on it), small memory, data in the system's temporary folder.
 */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-pg-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  const settings = {
    shared_buffers: '32MB',
    max_connections: '200',
    max_wal_senders: '0',
    wal_level: 'minimal',
  };
  const server = await startCluster({ folder, log: () => {}, durable: false, settings }).catch(
    (error: unknown) => {
      remove();
      throw error;
    },
  );
  return {
    url: server.url,
    superuserUrl: server.superuserUrl,
    async createDatabase(name) {
      if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new RangeError(`Not a database name: ${name}`);
      const client = new pg.Client(server.url);
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${name}`);
      } finally {
        await client.end();
      }
      return server.urlOf(name);
    },
    async stop() {
      await server.stop();
      remove();
    },
  };
}
