import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@baton/kernel';
import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import {
  createSetupLink,
  migrate,
  type RunningServer,
  type ServerSurroundings,
  startServer,
} from '@baton/server';

export interface TestServerOptions {
  /** A PostgreSQL that several servers share; one of its own where left out. */
  readonly postgres?: TemporaryPostgres;
  readonly surroundings?: ServerSurroundings;
  /** The server's clock, for example one that can be set on (`createSteppedClock`); the machine's where left out. */
  readonly clock?: Clock;
  readonly demo?: boolean;
  /** The built app, for browsers. The server is then reached as `localhost`: a passkey belongs to a name, never to an address. */
  readonly webDir?: string;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** A real server on a real, temporary PostgreSQL. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly dataDir: string;
  /** A one-time token for a new organisation. */
  setupToken(): Promise<string>;
  /** Stops the server process-wise (sockets end); the database stays. */
  halt(): Promise<void>;
  /** Starts it again on the same port and database. */
  restart(): Promise<void>;
  /** Ends server and database and removes their data. */
  stop(): Promise<void>;
}

let databases = 0;

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const postgres = options.postgres ?? (await startTemporaryPostgres());
  databases += 1;
  const databaseUrl = await postgres.createDatabase(`test_${process.pid}_${databases}`);
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-server-'));
  await migrate({ databaseUrl });
  let running: RunningServer | null = null;
  const host = options.webDir === undefined ? '127.0.0.1' : 'localhost';
  const start = async (port: number): Promise<RunningServer> =>
    startServer(
      {
        databaseUrl,
        host: '127.0.0.1',
        port,
        publicUrl: `http://${host}:${port}`,
        demo: options.demo ?? true,
        demoSeedToken: null,
        dataDir,
        webDir: options.webDir ?? null,
        logLevel: options.logLevel ?? 'silent',
      },
      {
        addressFactor: 10_000,
        ...options.surroundings,
        ports: { ...(options.clock && { clock: options.clock }), ...options.surroundings?.ports },
      },
    );
  // Known before the start: the server takes requests of pages at its own address only.
  const port = await findFreePort();
  running = await start(port);
  const url = `http://${host}:${port}`;
  return {
    url,
    port,
    databaseUrl,
    dataDir,
    async setupToken() {
      const link = await createSetupLink({ databaseUrl, publicUrl: url });
      return link.slice(link.indexOf('#') + 1);
    },
    async halt() {
      await running?.stop();
      running = null;
    },
    async restart() {
      await running?.stop();
      running = await start(port);
    },
    async stop() {
      await running?.stop();
      rmSync(dataDir, { recursive: true, force: true });
      if (!options.postgres) await postgres.stop();
    },
  };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
