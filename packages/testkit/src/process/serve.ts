// A server in a process of its own, for tests that kill it: told what to do over the channel to the test, never outliving it.
import type { Clock } from '@baton/kernel';
import { migrate, type ServerConfig, startServer } from '@baton/server';

/** What the test sends; one message for each process. */
export interface ServeRequest {
  readonly config: ServerConfig;
  /** Multiplies what one address may try: a test stands for a whole practice. */
  readonly addressFactor: number;
  /** How far the server's clock is ahead of the machine's. */
  readonly aheadMs: number;
}

/** Sets the clock while it runs; answered with the same. */
export interface ServeAhead {
  readonly aheadMs: number;
}

/** What it answers once it takes requests. */
export interface ServeAnswer {
  readonly port: number;
}

let aheadMs = 0;
const clock: Clock = { nowMs: () => Date.now() + aheadMs };

async function serve(request: ServeRequest): Promise<void> {
  const { config, addressFactor } = request;
  aheadMs = request.aheadMs;
  await migrate({ databaseUrl: config.databaseUrl });
  const server = await startServer(config, { addressFactor, ports: { clock } });
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  const answer: ServeAnswer = { port: server.port };
  process.send?.(answer);
}

process.on('disconnect', () => process.exit(0));
process.once('message', (request) => {
  process.on('message', (message) => {
    ({ aheadMs } = message as ServeAhead);
    process.send?.({ aheadMs } satisfies ServeAhead);
  });
  serve(request as ServeRequest).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
});
