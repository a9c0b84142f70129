import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@baton/embedded-postgres';
import { renderBanner } from './banner.ts';
import type { Config } from './config.ts';
import { dataFolderAt, lockDataFolder, prepareDataFolder } from './data-folder.ts';
import { stopRecorded } from './process-record.ts';
import { serverUrl, waitUntilReady } from './readiness.ts';
import type { ServeSettings } from './serve.ts';
import { type SupervisedChild, superviseChild } from './supervised-child.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');

/** The programs that run beside this one, by path: this one never loads the station's code. */
export const PROGRAMS = {
  server: join(import.meta.dirname, 'serve.ts'),
  station: join(REPOSITORY, 'apps', 'station', 'src', 'main.ts'),
  web: join(REPOSITORY, 'apps', 'web', 'dist'),
};

/** Together under the 10 s in which all must be down; PostgreSQL takes what it needs of the rest. */
const GRACE_MS = { station: 5500, server: 3500 };

export interface UpOptions {
  readonly config: Config;
  readonly programs: typeof PROGRAMS;
  /** Aborted when someone wants it to end; then everything is taken down in order and `up` resolves. */
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
  readonly log: (line: string) => void;
}

/**
 * Brings everything up (database, server, station), says so when it is ready to use, and keeps it up until `stop`.
 * Throws Refusal or EmbeddedPostgresError, with a sentence, when it cannot; whatever was started is down by then.
 */
export async function up({ config, programs, stop, say, log }: UpOptions): Promise<void> {
  const folder = dataFolderAt(config.dataDir);
  const teardown: (() => Promise<void> | void)[] = [];
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
  /** Waits for a step of the start, but no longer than anyone wants the start. */
  const unlessStopped = <T>(step: Promise<T>): Promise<T | void> => Promise.race([step, stopped]);
  const superviseNext = (options: Parameters<typeof superviseChild>[0], graceMs: number): SupervisedChild => {
    const child = superviseChild(options);
    const killNow = (): void => child.kill();
    process.once('exit', killNow);
    teardown.push(async () => {
      await child.stop(graceMs);
      process.off('exit', killNow);
    });
    return child;
  };

  prepareDataFolder(folder);
  const lock = lockDataFolder(folder, config);
  teardown.push(() => lock.release());
  try {
    const records = { server: join(folder.run, 'server.json'), station: join(folder.run, 'station.json') };
    for (const [name, record] of [
      ['station', records.station],
      ['server', records.server],
    ] as const) {
      if (await stopRecorded(record, 3000)) log(`Stopped the ${name} that an earlier run left behind.`);
    }
    let databaseUrl = config.databaseUrl?.reveal();
    if (databaseUrl === undefined) {
      const postgres = await startEmbeddedPostgres({ dataDir: folder.root, log });
      teardown.push(() => postgres.stop());
      databaseUrl = postgres.url;
    }
    if (stop.aborted) return;

    const hasStation = config.station && existsSync(programs.station);
    const demo = config.demo && hasStation;
    const demoSeedToken = demo ? randomBytes(32).toString('base64url') : null;
    const settings: ServeSettings = {
      databaseUrl,
      host: config.host,
      port: config.port,
      publicUrl: config.publicUrl,
      demo,
      demoSeedToken,
      dataDir: folder.server,
      webDir: existsSync(programs.web) ? programs.web : null,
      logLevel: config.logLevel,
      s3: config.s3 && { ...config.s3, secretAccessKey: config.s3.secretAccessKey.reveal() },
      outside: {
        noticeChannels: [...config.noticeChannels],
        pushHosts: [...config.pushHosts],
        loopbackWebhooks: config.loopbackWebhooks,
      },
    };
    const server = superviseNext(
      {
        name: 'server',
        entry: programs.server,
        args: [],
        env: config.childEnv,
        hello: settings,
        record: records.server,
        mustStart: true,
        log,
      },
      GRACE_MS.server,
    );
    await unlessStopped(server.ready);
    if (stop.aborted) return;

    if (hasStation) {
      superviseNext(
        {
          name: 'station',
          entry: programs.station,
          args: ['run'],
          env: { ...config.childEnv, ...stationEnv(config, folder, demoSeedToken) },
          hello: null,
          record: records.station,
          mustStart: false,
          log,
        },
        GRACE_MS.station,
      );
    }
    await unlessStopped(waitUntilReady({ config, demo, stop, log }));
    if (stop.aborted) return;
    say(renderBanner(config, folder, demo));
    await stopped;
  } finally {
    for (const step of teardown.reverse()) await step();
  }
}

/** The station's settings (it is an app of its own, also run elsewhere, and reads its environment once). */
function stationEnv(
  config: Config,
  folder: ReturnType<typeof dataFolderAt>,
  demoSeedToken: string | null,
): Record<string, string> {
  return {
    BATON_STATION_SERVER_URL: serverUrl(config),
    BATON_STATION_PUBLIC_URL: config.publicUrl,
    BATON_STATION_DATA_DIR: folder.station,
    BATON_STATION_HOST: config.stationListener.host,
    BATON_STATION_PORT: String(config.stationListener.port),
    ...(config.mllpListener && {
      BATON_MLLP_HOST: config.mllpListener.host,
      BATON_MLLP_PORT: String(config.mllpListener.port),
    }),
    BATON_LOG_LEVEL: config.logLevel,
    ...(demoSeedToken === null
      ? {}
      : { BATON_STATION_DEMO_TOKEN: demoSeedToken, BATON_STATION_DEMO_DIR: folder.demo }),
  };
}
