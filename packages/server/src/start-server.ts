import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { encodeUtf8 } from '@baton/kernel';
import { createCertificates } from './access/certificates.ts';
import { createRateLimits } from './access/rate-limits.ts';
import { nodePorts } from './adapters/node-ports.ts';
import type { Outbound } from './adapters/outbound.ts';
import { openServerKeys } from './adapters/server-keys.ts';
import { startBatonClock } from './background/baton-clock.ts';
import { startDutyRounds } from './background/duty-rounds.ts';
import { startHousekeeping } from './background/housekeeping.ts';
import { createSteadyClock } from './background/steady-clock.ts';
import { startWatchdog } from './background/watchdog.ts';
import { type BatonChanges, createBatonDesk } from './batons/baton-desk.ts';
import { createBatonOpener } from './batons/open-batons.ts';
import { openFolderBlobStore } from './blobs/folder-blob-store.ts';
import { openS3BlobStore } from './blobs/s3-blob-store.ts';
import { createAuditQueue } from './commit/audit-queue.ts';
import { createCommitter } from './commit/committer.ts';
import { createConversationCache } from './commit/conversation-cache.ts';
import { createReceipts } from './commit/receipts.ts';
import { type ServerConfig, SETUP_LINK_LIFE_MS } from './config.ts';
import { createDutyBooks } from './duty/duty-books.ts';
import { createManifests } from './duty/manifests.ts';
import { createNoticeHearer } from './fanout/hear-notice.ts';
import { createHub, type Hub } from './fanout/hub.ts';
import { createNotifier, type Notifier } from './fanout/notifier.ts';
import { createApp } from './http/app.ts';
import { registerSync } from './http/sync/upgrade.ts';
import { createKeyLogs } from './keylog/key-logs.ts';
import { createTreeHeads } from './keylog/tree-heads.ts';
import { createOutside } from './outside.ts';
import type { Outside } from './outside-port.ts';
import type { Ports } from './ports.ts';
import type { Services } from './server-parts.ts';
import { type Database, openDatabase } from './store/database.ts';
import { insertSetupToken } from './store/one-time.ts';
import { createLogger, describeError, type Logger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';

export interface RunningServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Stops taking requests, finishes what was accepted, ends the sockets. Idempotent. */
  stop(): Promise<void>;
}

/** Replaces parts of the surroundings; tests step the clock. */
export interface ServerSurroundings {
  readonly ports?: Partial<Ports>;
  readonly log?: Logger;
  /** Multiplies what one address may try. */
  readonly addressFactor?: number;
  /** How requests leave the server; tests trust a certificate of their own. */
  readonly outbound?: Outbound;
}

/** One address may stand for a whole practice, and in the demo for everybody. */
const DEMO_ADDRESS_FACTOR = 100;

/** Starts the server on a database that `migrate` has prepared. */
export async function startServer(
  config: ServerConfig,
  surroundings: ServerSurroundings = {},
): Promise<RunningServer> {
  const ports: Ports = { ...nodePorts, ...surroundings.ports };
  const log = surroundings.log ?? createLogger({ level: config.logLevel });
  const db = await openDatabase({
    databaseUrl: config.databaseUrl,
    onError: (error) => log.warn('database', { event: 'connection', ...describeError(error) }),
  });
  const closers: (() => Promise<void>)[] = [() => db.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    // What is owed is timed by a clock that nobody can set back (docs/protocol/batons.md §4).
    const steady: Ports = { ...ports, clock: createSteadyClock(ports) };
    const services = await createServices({ config, ports, log, db, steady }, surroundings);
    closers.push(() => services.notifier.close());
    closers.push(() => services.blobs.close());
    await keepDemoToken(services);
    const app = await createApp(services);
    const sync = registerSync(app, services);
    closers.push(() => services.audit.drain());
    closers.push(() => services.opener.drain());
    closers.push(() => services.committer.drain());
    closers.push(() => services.dutyRounds.stop());
    closers.push(async () => {
      services.hub.endAll('server.not_ready');
      await sync.close();
      await app.close();
    });
    await app.listen({ host: config.host, port: config.port });
    const housekeeping = startHousekeeping(services);
    closers.push(() => housekeeping.stop());
    services.outside.start();
    closers.push(() => services.outside.stop());
    const clock = startBatonClock({ ...services, ports: steady });
    closers.push(() => clock.stop());
    const watchdog = startWatchdog({ ...services, ports: steady });
    closers.push(() => watchdog.stop());
    const { port } = app.server.address() as AddressInfo;
    log.info('started', { port });
    let stopping: Promise<void> | null = null;
    return {
      port,
      stop: () => (stopping ??= closeAll().then(() => log.info('stopped'))),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function createServices(
  given: { config: ServerConfig; ports: Ports; log: Logger; db: Database; steady: Ports },
  surroundings: ServerSurroundings,
): Promise<Services> {
  const { steady, ...base } = given;
  const { config, ports, log, db } = base;
  const keys = openServerKeys(config.dataDir);
  const metrics = createMetrics();
  const keyLogs = createKeyLogs({ db, ports });
  const conversations = createConversationCache({ db });
  const receipts = createReceipts({ ports, keys, db });
  const blobs = config.s3
    ? openS3BlobStore(config.s3)
    : await openFolderBlobStore(join(config.dataDir, 'blobs'));
  const duty = createDutyBooks({ db, ports, keyLogs });
  const hub = createHub({ conversations, keyLogs, ports, log });
  const notifier = await createNotifier({
    db,
    rng: ports.rng,
    timers: ports.timers,
    log,
    onNotice: createNoticeHearer({ db, hub, keyLogs, conversations, duty, log }),
    onGap: () => hub.missAll(),
  });
  const outside = createOutside({
    ...base,
    ports: steady,
    keys,
    keyLogs,
    metrics,
    duty,
    outbound: surroundings.outbound,
  });
  const publish = publishChanges(hub, notifier, outside);
  const batons = createBatonDesk({ db, ports: steady, keys, duty, watch: outside.watch, publish });
  const opener = createBatonOpener({ desk: batons, ports, log });
  const dutyRounds = startDutyRounds({ db, ports: steady, duty, hub, notifier, log });
  return {
    ...base,
    duty,
    manifests: createManifests({ db }),
    batons,
    opener,
    dutyRounds,
    outside,
    keys,
    metrics,
    keyLogs,
    conversations,
    receipts,
    hub,
    notifier,
    blobs,
    limits: createRateLimits({
      db,
      pseudonym: keys.pseudonym,
      addressFactor: surroundings.addressFactor ?? (config.demo ? DEMO_ADDRESS_FACTOR : 1),
    }),
    certificates: createCertificates({ db, ports }),
    audit: createAuditQueue({ db, ports }),
    treeHeads: createTreeHeads({ ports, keys }),
    committer: createCommitter({
      db,
      ports,
      receipts,
      metrics,
      publish(batch) {
        hub.publish(batch);
        notifier.tell({ t: 'batches', org: batch.org, batches: [batch.batch] });
      },
      openBatons: (org, messages) => opener.open(org, messages),
    }),
  };
}

function publishChanges(hub: Hub, notifier: Notifier, outside: Outside): (changes: BatonChanges) => void {
  return ({ org, book, changes }) => {
    hub.publishBatons({ book, batons: changes });
    outside.committed(org);
    const positions = changes.map(({ pos }) => pos);
    notifier.tell({ t: 'batons', org, after: Math.min(...positions) - 1, upTo: Math.max(...positions) });
  };
}

/** The demo's seeding sets its organisation up by a token that was agreed on beforehand; it counts once, like any other. */
async function keepDemoToken({ config, db, ports }: Services): Promise<void> {
  if (!config.demo || config.demoSeedToken === null) return;
  await insertSetupToken(db.global, {
    hash: ports.digest(encodeUtf8(config.demoSeedToken)),
    kind: 'demo',
    expiresAtMs: ports.clock.nowMs() + SETUP_LINK_LIFE_MS,
  });
}
