import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { cleanEnvironment, type Foothold, invocation } from './account.ts';
import { dataArgument, type Layout, type Secrets, SUPERUSER } from './cluster.ts';
import { EmbeddedPostgresError } from './errors.ts';

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One life of the PostgreSQL server. */
export interface ServerProcess {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  /** Fast shutdown (SIGINT); after the patience is used up immediate, which costs a recovery at the next start. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly layout: Layout;
  readonly foothold: Foothold;
  readonly socketDir: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Folders the guard removes when it had to stop the server because we died. */
  readonly throwAway: readonly string[];
}

const STOP_PATIENCE_MS = 3000;
const LOG_LIMIT_BYTES = 1_000_000;

/** No network, nothing weakened for speed, and no values of rows in the log. */
const FIXED_SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',
  ssl: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  logging_collector: 'off',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export function spawnServer(options: ServerOptions): ServerProcess {
  const { layout, foothold, socketDir } = options;
  const settings = { ...options.settings, ...FIXED_SETTINGS, unix_socket_directories: socketDir };
  const call = invocation(foothold.account, foothold.binaries.postgres, [
    '-D',
    dataArgument(foothold.account, layout.data),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const logFile = openLog(layout.log);
  const child = spawn(call.program, call.args, {
    ...call.options,
    cwd: layout.data,
    env: cleanEnvironment(),
    stdio: ['ignore', logFile, logFile],
    detached: true, // a Ctrl-C in the terminal is ours to pass on, in our order
  });
  closeSync(logFile);
  const { pid } = child;
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  if (pid === undefined) {
    throw new EmbeddedPostgresError('start_failed', `Cannot run ${call.program}.`);
  }
  const guard = spawnGuard(pid, options.throwAway);
  void exited.then(() => guard.kill('SIGKILL'));
  return { pid, exited, stop: () => stopServer(child, exited) };
}

/**
 * Ends the server when we die without a chance to: a shell that reads from a pipe we hold, and nobody writes to it.
 * (If it is killed with us, the next start finds the orphan.)
 */
function spawnGuard(pid: number, throwAway: readonly string[]): ChildProcess {
  const script =
    'read _; kill -INT "$1" 2>/dev/null; [ $# -gt 1 ] || exit 0; ' +
    'n=0; while kill -0 "$1" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done; shift; rm -rf -- "$@"';
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(pid), ...throwAway], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => {});
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref(); // neither keeps us running
  return guard;
}

async function stopServer(child: ChildProcess, exited: Promise<ServerExit>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    child.kill(signal);
    await Promise.race([exited, delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
  }
  await exited;
}

/** Waits until the server takes connections, through crash recovery if need be. Throws when it ends instead. */
export async function waitUntilReady(
  server: ServerProcess,
  options: ServerOptions,
  secrets: Secrets,
): Promise<void> {
  let ended: ServerExit | null = null;
  void server.exited.then((exit) => {
    ended = exit;
  });
  const url = connectionUrl(
    { user: SUPERUSER, password: secrets.superuser, database: 'postgres' },
    options.socketDir,
  );
  for (;;) {
    if (ended !== null) throw new EmbeddedPostgresError('start_failed', startFailure(options.layout));
    const failure = await tryConnect(url);
    if (failure === null) return;
    // 28P01: wrong password. Everything else before readiness is "not listening yet" or "starting up" (57P03).
    if (failure === '28P01') {
      await server.stop();
      throw new EmbeddedPostgresError(
        'start_failed',
        `The password in ${options.layout.secrets} does not fit the data. Remove that file and start again: a new one is set.`,
      );
    }
    await delay(15);
  }
}

async function tryConnect(url: string): Promise<string | null> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  try {
    await client.connect();
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  } finally {
    await client.end().catch(() => {});
  }
}

/** Form that pg 8 understands for a Unix socket: no host before the path, the socket's folder as a parameter. */
export function connectionUrl(
  login: { user: string; password: string; database: string },
  socketDir: string,
): string {
  const { user, password, database } = login;
  return `postgres://${user}:${password}@/${encodeURIComponent(database)}?host=${encodeURIComponent(socketDir)}`;
}

function startFailure(layout: Layout): string {
  const tail = readFileSync(layout.log, 'utf8').split('\n').slice(-20);
  const reason = tail.filter((line) => /FATAL|PANIC|ERROR|HINT|error/.test(line)).map((line) => line.trim());
  return `PostgreSQL ended while starting (log: ${layout.log}): ${reason.slice(-3).join(' ') || 'no reason given'}`;
}

function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
