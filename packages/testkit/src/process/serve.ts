// A server in a process of its own, for tests that kill it: told what to do over the channel to the test, never outliving it.
import { migrate, type ServerConfig, startServer } from '@baton/server';

/** What the test sends; one message for each process. */
export interface ServeRequest {
  readonly config: ServerConfig;
  /** Multiplies what one address may try: a test stands for a whole practice. */
  readonly addressFactor: number;
}

/** What it answers once it takes requests. */
export interface ServeAnswer {
  readonly port: number;
}

async function serve({ config, addressFactor }: ServeRequest): Promise<void> {
  await migrate({ databaseUrl: config.databaseUrl });
  const server = await startServer(config, { addressFactor });
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  const answer: ServeAnswer = { port: server.port };
  process.send?.(answer);
}

process.on('disconnect', () => process.exit(0));
process.once('message', (request) => {
  serve(request as ServeRequest).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
});
