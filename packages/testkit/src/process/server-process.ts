import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createSetupLink, type ServerConfig } from '@baton/server';
import type { ServeAhead, ServeRequest } from './serve.ts';

const ENTRY = join(import.meta.dirname, 'serve.ts');
/** On a machine that is busy with other tests. */
const START_LIMIT_MS = 30_000;

export interface ServerProcessOptions {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly logLevel?: ServerConfig['logLevel'];
  readonly webDir?: string | null;
  readonly outside?: NonNullable<ServerConfig['outside']>;
  /** How far its clock is ahead of the machine's. */
  readonly aheadMs?: number;
}

/** The real server as a process of its own, which can be killed like one. */
export interface ServerProcess {
  readonly url: string;
  /** A one-time token for a new organisation. */
  setupToken(): Promise<string>;
  /** Everything that its processes so far wrote to stdout and stderr. */
  output(): Buffer;
  /** False once it was killed, stopped, or ended by itself. */
  isRunning(): boolean;
  /** Sets its clock so far ahead of the machine's (back, where negative), now and for later starts. */
  setAhead(aheadMs: number): Promise<void>;
  /** SIGKILL, at once; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. Throws with its output when it ends instead. */
  start(): Promise<void>;
  /** SIGTERM, and waits for its orderly end. */
  stop(): Promise<void>;
}

/** Starts it on a free port. The database may be empty; it is migrated by the process itself. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const request: Omit<ServeRequest, 'aheadMs'> = {
    config: {
      databaseUrl: options.databaseUrl,
      host: '127.0.0.1',
      port,
      publicUrl: url,
      demo: true,
      demoSeedToken: null,
      dataDir: options.dataDir,
      webDir: options.webDir ?? null,
      logLevel: options.logLevel ?? 'error',
      ...(options.outside && { outside: options.outside }),
    },
    addressFactor: 10_000,
  };
  let aheadMs = options.aheadMs ?? 0;
  const written: Buffer[] = [];
  const output = (): Buffer => Buffer.concat(written);
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    if (child !== null) throw new Error('This server process runs already.');
    const fresh = spawn(process.execPath, [ENTRY], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child = fresh;
    for (const stream of [fresh.stdout, fresh.stderr])
      stream?.on('data', (chunk: Buffer) => void written.push(chunk));
    fresh.send({ ...request, aheadMs } satisfies ServeRequest);
    const limit = AbortSignal.timeout(START_LIMIT_MS);
    const ended = once(fresh, 'exit', { signal: limit }).then(([code, signal]) => {
      throw new Error(
        `The server process ended (${String(signal ?? code)}) while starting:\n${output().toString().slice(-4000)}`,
      );
    });
    ended.catch(() => {}); // it ends one day, and then nobody waits for that any more
    await Promise.race([once(fresh, 'message', { signal: limit }), ended]);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const current = child;
    child = null;
    if (current === null || current.exitCode !== null || current.signalCode !== null) return;
    const exited = once(current, 'exit');
    current.kill(signal);
    await exited;
  };

  await start();
  return {
    url,
    async setupToken() {
      const link = await createSetupLink({ databaseUrl: options.databaseUrl, publicUrl: url });
      return link.slice(link.indexOf('#') + 1);
    },
    output,
    isRunning: () => child !== null && child.exitCode === null && child.signalCode === null,
    async setAhead(ms) {
      aheadMs = ms;
      if (child === null) return;
      const answered = once(child, 'message', { signal: AbortSignal.timeout(START_LIMIT_MS) });
      child.send({ aheadMs } satisfies ServeAhead);
      await answered;
    },
    kill: () => end('SIGKILL'),
    start,
    stop: () => end('SIGTERM'),
  };
}

/** A loopback port that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
