import { nodeClock, nodeTimers } from '@baton/client-node';
import { AgentHost } from './agents/agent-host.ts';
import type { StationConfig } from './config.ts';
import { seedDemo } from './demo/seed.ts';

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
      dataDir: config.dataDir,
      log: (line) => process.stdout.write(`station: ${line}\n`),
    });
    host.start();
    await stopped;
    await host.stop();
  }
  // A seeding that is under way is cut short: it starts over by itself next time.
  process.exit(0);
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
    log: (line) => process.stdout.write(`station: ${line}\n`),
  });
  if (outcome === 'made') {
    process.stdout.write(
      `station: demo practice made in ${((nodeClock.nowMs() - startedAt) / 1000).toFixed(1)} s\n`,
    );
  }
}
