import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '@baton/embedded-postgres';
import pg from 'pg';

const SERVER_ENTRY = fileURLToPath(new URL('../../../apps/baton/src/serve.ts', import.meta.url));
const STOP_PATIENCE_MS = 10_000;

/** What is measured against: a durable PostgreSQL and the real server in a process of its own. */
export interface Surroundings {
  /** For files of this run; removed at the end. */
  readonly folder: string;
  readonly serverUrl: string;
  /** Token of the demo's seeding: sets up one organisation. */
  readonly setupToken: string;
  /** A database of its own for the bare limits. */
  readonly limitsUrl: string;
  readonly postgresVersion: string;
  /** The server's own database, past its walls: for putting rows there and looking at them. */
  readonly admin: pg.Client;
  /** Ends the server without a word (SIGKILL) and starts it again at the same address; answers how long nobody was there. */
  killAndRestart(): Promise<number>;
  /** Envelopes in the server's database. */
  countEnvelopes(): Promise<number>;
  stop(): Promise<void>;
}

/** `profileDir`: the server writes a CPU profile there when it ends. */
export async function startSurroundings(options: {
  readonly resultsDir: string;
  readonly profileDir: string | null;
}): Promise<Surroundings> {
  mkdirSync(options.resultsDir, { recursive: true });
  // On the disk of the checkout: the system's temporary folder may be memory, and a commit to it would cost nothing.
  const folder = mkdtempSync(join(options.resultsDir, 'run-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: (line) => console.error(line) });
  const admin = new pg.Client(postgres.superuserUrl);
  try {
    await admin.connect();
    const owner = new pg.Client(postgres.url);
    await owner.connect();
    await owner.query('CREATE DATABASE limits');
    await owner.end();
    const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');
    const settings = {
      databaseUrl: postgres.url,
      dataDir: join(folder, 'server'),
      profileDir: options.profileDir,
      setupToken: randomBytes(32).toString('base64url'),
      port: await findFreePort(),
    };
    let server = await startServer(settings);
    return {
      folder,
      serverUrl: server.url,
      setupToken: settings.setupToken,
      admin,
      async killAndRestart() {
        const startedMs = performance.now();
        await server.kill();
        server = await startServer(settings);
        return performance.now() - startedMs;
      },
      limitsUrl: postgres.urlOf('limits'),
      postgresVersion: rows[0]?.server_version ?? 'unknown',
      async countEnvelopes() {
        const counted = await admin.query<{ n: number }>(
          'SELECT count(*)::integer AS n FROM baton.items WHERE kind = 1',
        );
        return counted.rows[0]?.n ?? 0;
      },
      async stop() {
        await server.stop();
        await admin.end();
        await postgres.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await admin.end().catch(() => {});
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startServer(options: {
  databaseUrl: string;
  dataDir: string;
  profileDir: string | null;
  setupToken: string;
  port: number;
}) {
  const { port, setupToken } = options;
  const url = `http://127.0.0.1:${port}`;
  mkdirSync(options.dataDir, { recursive: true });
  const child = fork(SERVER_ENTRY, [], {
    execArgv:
      options.profileDir === null
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${options.profileDir}`, '--cpu-prof-interval=500'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', (message: { type: string; message?: string }) =>
      message.type === 'ready' ? resolve() : reject(new Error(message.message)),
    );
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    child.send({
      type: 'start',
      databaseUrl: options.databaseUrl,
      host: '127.0.0.1',
      port,
      publicUrl: url,
      demo: true,
      demoSeedToken: setupToken,
      dataDir: options.dataDir,
      webDir: null,
      s3: null,
      logLevel: 'error',
      outside: { noticeChannels: [], pushHosts: [], loopbackWebhooks: false },
    });
  });
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return { url, kill, stop: () => stopChild(child) };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const insist = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(insist);
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
