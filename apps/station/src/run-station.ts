import { nodeClock, nodeTimers } from '@baton/client-node';
import { AgentHost } from './agents/agent-host.ts';
import type { StationConfig } from './config.ts';
import { seedDemo } from './demo/seed.ts';
import { startStationListener, type StationListener } from './listener/station-listener.ts';

const LISTEN_AGAIN_MS = 15_000;

/** Runs until TERM, INT or the end of the supervisor; answers the exit code. */
export async function runStation(config: StationConfig): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    process.once('disconnect', resolve);
  });
  // A station without agents has nothing to do but to be there; this keeps it.
  const stay = (): void => void nodeTimers.after(60_000, stay);
  stay();
  const work = prepareDemo(config);
  const outcome = await Promise.race([
    stopped.then(() => 'stopped' as const),
    work.then(() => 'ready' as const),
  ]);
  if (outcome === 'ready') {
    const host = new AgentHost({
      serverUrl: config.serverUrl,
      publicUrl: config.publicUrl,
      dataDir: config.dataDir,
      log,
    });
    host.start();
    const listening = keepListening(config, host);
    await stopped;
    await Promise.all([listening.stop(), host.stop()]);
  }
  // A seeding that is under way is cut short: it starts over by itself next time.
  process.exit(0);
}

/** Until it is stopped. Where the port is taken the agents go on without it, carriers repeat, and it is tried again. */
function keepListening(config: StationConfig, host: AgentHost): { stop(): Promise<void> } {
  const { host: address, port } = config.listener;
  let listener: StationListener | null = null;
  let cancel = (): void => {};
  const open = async (hasFailed: boolean): Promise<void> => {
    try {
      listener = await startStationListener({
        host: address,
        port,
        has: (program) => host.has(program),
        ask: (program, request) => host.ask(program, request),
      });
      log(`listening on ${address} port ${listener.port}`);
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (!hasFailed)
        log(
          `cannot listen on ${address} port ${port} (${code ?? 'unknown'}): free it, or set BATON_STATION_PORT`,
        );
      cancel = nodeTimers.after(LISTEN_AGAIN_MS, () => void (opening = open(true)));
    }
  };
  let opening = open(false);
  return {
    async stop() {
      await opening;
      cancel();
      await listener?.stop();
    },
  };
}

function log(line: string): void {
  process.stdout.write(`station: ${line}\n`);
}

async function prepareDemo(config: StationConfig): Promise<void> {
  if (config.demo === null) return;
  const startedAt = nodeClock.nowMs();
  const outcome = await seedDemo({
    serverUrl: config.serverUrl,
    publicUrl: config.publicUrl,
    seedToken: config.demo.seedToken,
    demoDir: config.demo.dir,
    dataDir: config.dataDir,
    nowMs: nodeClock.nowMs(),
    log,
  });
  if (outcome === 'made') {
    process.stdout.write(
      `station: demo practice made in ${((nodeClock.nowMs() - startedAt) / 1000).toFixed(1)} s\n`,
    );
  }
}
