import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Account, type AccountKind, fileOwner, findFoothold } from './account.ts';
import { locateBinaries } from './binaries.ts';
import {
  type Layout,
  layoutOf,
  OWNER,
  prepareCluster,
  readJson,
  type Secrets,
  SUPERUSER,
  writePrivate,
} from './cluster.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { takeFolderLock } from './folder-lock.ts';
import { stopOrphans } from './orphans.ts';
import {
  connectionUrl,
  type ServerExit,
  type ServerOptions,
  type ServerProcess,
  spawnServer,
  waitUntilReady,
} from './server-process.ts';

export interface EmbeddedPostgres {
  /** Login as `baton`, who owns the database `baton` and may create roles, but is no superuser. */
  readonly url: string;
  readonly superuserUrl: string;
  /** As `url`, to a database of another name (see createDatabase in temporary.ts). */
  urlOf(database: string): string;
  /** Told each time the server ends without being asked to; it is started again by itself. */
  onExit(listener: (exit: ServerExit) => void): void;
  /** Clean shutdown; idempotent. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** The folder of this server alone. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** False: the first creation is not flushed to disk, and the folder goes when its process dies (tests). */
  readonly durable: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly accounts?: readonly AccountKind[];
}

const RESTART_DELAY_MS = { first: 200, most: 10_000 };

/**
 * Starts the PostgreSQL server on `<dataDir>/postgres` (made when missing) and keeps it running until `stop`.
 * Leftovers of a killed run are stopped first. Throws EmbeddedPostgresError, `folder_in_use` while another process
 * has it.
 */
export function startEmbeddedPostgres(options: {
  dataDir: string;
  log: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  return startCluster({
    folder: join(options.dataDir, 'postgres'),
    log: options.log,
    durable: true,
    settings: {},
  });
}

/** The login of the server that another process runs on `dataDir` just now, or null. */
export function findEmbeddedPostgres(dataDir: string): { url: string } | null {
  const value = readJson(layoutOf(join(dataDir, 'postgres')).endpoint);
  return 'url' in value && typeof value.url === 'string' ? { url: value.url } : null;
}

export async function startCluster(options: ClusterOptions): Promise<EmbeddedPostgres> {
  const layout = layoutOf(options.folder);
  mkdirSync(layout.folder, { recursive: true, mode: 0o711 });
  const lock = takeFolderLock(layout.lock);
  if (lock === null) {
    throw new EmbeddedPostgresError('folder_in_use', `Another process runs PostgreSQL on ${layout.folder}.`);
  }
  let socketDir: string | null = null;
  try {
    await stopOrphans(layout.data, options.log);
    removeOldSocket(layout);
    const foothold = findFoothold(locateBinaries(), layout.data, options.accounts);
    // Its own files are below this folder and private; it must be able to step through.
    if (foothold.account.kind !== 'own') chmodSync(layout.folder, 0o711);
    const secrets = prepareCluster(layout, foothold, options.durable);
    socketDir = makeSocketDir(foothold.account);
    const serverOptions: ServerOptions = {
      layout,
      foothold,
      socketDir,
      settings: options.settings,
      throwAway: options.durable ? [socketDir] : [socketDir, layout.folder],
    };
    const urls = endpoints(secrets, socketDir);
    const first = await launch(serverOptions, secrets);
    try {
      await ensureOwnDatabase(secrets, socketDir);
      writePrivate(layout.endpoint, { url: urls.url, socketDir });
    } catch (error) {
      await first.stop();
      throw error;
    }
    const keeper = keepRunning(first, serverOptions, secrets, options.log);
    const cleanUp = (): void => {
      rmSync(layout.endpoint, { force: true });
      rmSync(serverOptions.socketDir, { recursive: true, force: true });
      lock.release();
    };
    let stopping: Promise<void> | null = null;
    return {
      ...urls,
      onExit: keeper.onExit,
      stop: () => (stopping ??= keeper.stop().finally(cleanUp)),
    };
  } catch (error) {
    if (socketDir !== null) rmSync(socketDir, { recursive: true, force: true });
    lock.release();
    throw error;
  }
}

async function launch(options: ServerOptions, secrets: Secrets): Promise<ServerProcess> {
  const server = spawnServer(options);
  await waitUntilReady(server, options, secrets);
  return server;
}

/** Starts the server again whenever it ends by itself, each time a little later while it keeps failing. */
function keepRunning(
  first: ServerProcess,
  options: ServerOptions,
  secrets: Secrets,
  log: (line: string) => void,
) {
  const listeners: ((exit: ServerExit) => void)[] = [];
  const stopped = new AbortController();
  let current: ServerProcess = first;

  const loop = (async () => {
    for (;;) {
      const exit = await current.exited;
      if (stopped.signal.aborted) return;
      for (const listener of listeners) listener(exit);
      log(`PostgreSQL ended (${exit.signal ?? `exit code ${exit.code}`}) and is started again.`);
      for (let delayMs = RESTART_DELAY_MS.first; ; delayMs = Math.min(delayMs * 2, RESTART_DELAY_MS.most)) {
        try {
          await stopOrphans(options.layout.data, log);
          current = spawnServer(options);
          if (stopped.signal.aborted) await current.stop();
          await waitUntilReady(current, options, secrets);
          log('PostgreSQL is back.');
          break;
        } catch (error) {
          if (stopped.signal.aborted) return;
          log(`${error instanceof Error ? error.message : String(error)} Next try in ${delayMs / 1000} s.`);
          await delay(delayMs, undefined, { signal: stopped.signal }).catch(() => {});
          if (stopped.signal.aborted) return;
        }
      }
    }
  })();

  return {
    onExit: (listener: (exit: ServerExit) => void): void => {
      listeners.push(listener);
    },
    stop: async (): Promise<void> => {
      stopped.abort();
      await current.stop();
      await loop;
    },
  };
}

function endpoints(secrets: Secrets, socketDir: string) {
  const urlOf = (database: string): string =>
    connectionUrl({ user: OWNER, password: secrets.owner, database }, socketDir);
  return {
    url: urlOf(OWNER),
    superuserUrl: connectionUrl({ user: SUPERUSER, password: secrets.superuser, database: OWNER }, socketDir),
    urlOf,
  };
}

/** Idempotent, so a start killed half-way is finished by the next. */
async function ensureOwnDatabase(secrets: Secrets, socketDir: string): Promise<void> {
  const client = new pg.Client(
    connectionUrl({ user: SUPERUSER, password: secrets.superuser, database: 'postgres' }, socketDir),
  );
  await client.connect();
  try {
    const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [OWNER]);
    const verb = roles.rowCount === 0 ? 'CREATE' : 'ALTER';
    await client.query(`${verb} ROLE ${OWNER} LOGIN CREATEROLE CREATEDB PASSWORD '${secrets.owner}'`);
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [OWNER]);
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${OWNER} OWNER ${OWNER}`);
  } finally {
    await client.end();
  }
}

/**
 * A private folder with a short path: a socket's whole path may have 103 bytes (macOS; Linux 107), and a checkout's
 * own path may be longer.
 */
function makeSocketDir(account: Account): string {
  const base = account.kind === 'own' && tmpdir().length < 70 ? tmpdir() : '/tmp';
  const dir = mkdtempSync(join(base, 'baton-'));
  const owner = fileOwner(account);
  if (owner !== null) chownSync(dir, owner.uid, owner.gid);
  return dir;
}

/** The socket folder of a run that was killed. */
function removeOldSocket(layout: Layout): void {
  const value = readJson(layout.endpoint);
  if (
    'socketDir' in value &&
    typeof value.socketDir === 'string' &&
    /\/baton-[A-Za-z0-9]{6}$/.test(value.socketDir)
  ) {
    if (statSync(value.socketDir, { throwIfNoEntry: false })?.isDirectory()) {
      rmSync(value.socketDir, { recursive: true, force: true });
    }
  }
  rmSync(layout.endpoint, { force: true });
}
