import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporaryPostgres } from '@baton/embedded-postgres';
import type { Clock } from '@baton/kernel';
import { type ServerProcess, startServerProcess } from '@baton/testkit';
import pg from 'pg';
import { TIME_ZONE } from '../staff.ts';

const HOUR_MS = 3_600_000;
/** The day begins at one in the afternoon: sessions of persons live 12 hours, and the shift changes in the middle. */
const BEGINS_AT_HOUR = 13;

/** A real server in a process of its own on a real PostgreSQL, and one clock for it and all clients. */
export interface World {
  readonly clock: Clock;
  /** When the replay begins: a moment of the last 24 hours. */
  readonly startMs: number;
  readonly server: ServerProcess;
  /** Reads as superuser, past the wall between organisations. */
  readonly database: pg.Pool;
  /** Lets time pass until then, at once; never back. */
  stepTo(atMs: number): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-hospital-'));
  const startMs = lastTimeOfDay(BEGINS_AT_HOUR, Date.now());
  let aheadMs = startMs - Date.now();
  const clock: Clock = { nowMs: () => Date.now() + aheadMs };
  const postgres = await startTemporaryPostgres();
  const closers: (() => Promise<void> | void)[] = [
    () => rmSync(folder, { recursive: true, force: true }),
    () => postgres.stop(),
  ];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const server = await startServerProcess({
      databaseUrl: postgres.url,
      dataDir: join(folder, 'server'),
      aheadMs,
    });
    closers.push(() => server.stop());
    // A pool: while the server is killed several asks wait at once.
    const database = new pg.Pool({ connectionString: postgres.superuserUrl, max: 3 });
    closers.push(() => database.end());
    return {
      clock,
      startMs,
      server,
      database,
      async stepTo(atMs) {
        const wanted = Math.max(aheadMs, Math.ceil(atMs - Date.now()));
        // The server first: nothing that it says comes from a client's future.
        await server.setAhead(wanted);
        aheadMs = wanted;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The last time that clocks in the hospital showed this full hour. */
function lastTimeOfDay(hour: number, beforeMs: number): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: TIME_ZONE, hour: 'numeric', hourCycle: 'h23' });
  let at = Math.floor(beforeMs / HOUR_MS) * HOUR_MS;
  while (Number(format.format(at)) !== hour) at -= HOUR_MS;
  return at;
}
