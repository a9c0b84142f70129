import { nodeClock, nodeTimers } from '@baton/client-node';
import { AgentHost } from './agents/agent-host.ts';
import type { StationConfig } from './config.ts';
import { seedDemo } from './demo/seed.ts';
import { startMllpListener } from './listener/mllp/mllp-listener.ts';
import { startStationListener } from './listener/station-listener.ts';

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
    const doors = openDoors(config, host);
    await stopped;
    await Promise.all([...doors.map((door) => door.stop()), host.stop()]);
  }
  // A seeding that is under way is cut short: it starts over by itself next time.
  process.exit(0);
}

type Stoppable = { stop(): Promise<void> };

function openDoors({ listener, mllp }: StationConfig, host: AgentHost): readonly Stoppable[] {
  const doors = [
    keepListening({ ...listener, setting: 'BATON_STATION_PORT', what: '' }, () =>
      startStationListener({
        ...listener,
        has: (program) => host.has(program),
        ask: (program, request) => host.ask(program, request),
      }),
    ),
  ];
  if (mllp !== null)
    doors.push(
      keepListening({ ...mllp, setting: 'BATON_MLLP_PORT', what: ' for HL7 v2' }, () =>
        startMllpListener({ ...mllp, ask: (request) => host.ask('hl7v2', request) }),
      ),
    );
  return doors;
}

interface Door {
  readonly host: string;
  readonly port: number;
  readonly setting: string;
  readonly what: string;
}

/** Until it is stopped. Where the port is taken the agents go on without it, whoever sends repeats, and it is tried again. */
function keepListening(
  { host, port, setting, what }: Door,
  start: () => Promise<Stoppable & { readonly port: number }>,
): Stoppable {
  let door: Stoppable | null = null;
  let cancel = (): void => {};
  const open = async (hasFailed: boolean): Promise<void> => {
    try {
      const opened = await start();
      door = opened;
      log(`listening${what} on ${host} port ${opened.port}`);
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (!hasFailed)
        log(
          `cannot listen${what} on ${host} port ${port} (${code ?? 'unknown'}): free it, or set ${setting}`,
        );
      cancel = nodeTimers.after(LISTEN_AGAIN_MS, () => void (opening = open(true)));
    }
  };
  let opening = open(false);
  return {
    async stop() {
      await opening;
      cancel();
      await door?.stop();
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
