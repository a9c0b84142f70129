// The server's process: told what to do over the channel to its parent, and never outliving it.
import { LOG_LEVELS, NOTICE_CHANNELS } from './config.ts';
import { Secret } from '@baton/kernel';
import { migrate, startServer } from '@baton/server';
import { z } from 'zod';
import { databaseSentence, reasonOf, Refusal } from './refusal.ts';
import type { ChildMessage } from './supervised-child.ts';

const startMessage = z.object({
  type: z.literal('start'),
  databaseUrl: z.string(),
  host: z.string(),
  port: z.number(),
  publicUrl: z.string(),
  demo: z.boolean(),
  demoSeedToken: z.string().nullable(),
  dataDir: z.string(),
  webDir: z.string().nullable(),
  logLevel: z.enum(LOG_LEVELS),
  s3: z
    .object({
      endpoint: z.string().nullable(),
      region: z.string(),
      bucket: z.string(),
      prefix: z.string(),
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
    })
    .nullable(),
  outside: z.object({
    noticeChannels: z.array(z.enum(NOTICE_CHANNELS)),
    pushHosts: z.array(z.string()),
    loopbackWebhooks: z.boolean(),
  }),
});
export type ServeSettings = Omit<z.infer<typeof startMessage>, 'type'>;

/** An end that hangs is cut off: whatever was acknowledged is committed. */
const STOP_PATIENCE_MS = 5000;

let running: { stop(): Promise<void> } | null = null;
let ending = false;

function end(code: number): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(code), STOP_PATIENCE_MS).unref();
  const exit = (): void => process.exit(code);
  Promise.resolve(running?.stop()).then(exit, exit);
}

function tell(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}

async function serve(settings: ServeSettings): Promise<void> {
  try {
    await migrate({ databaseUrl: settings.databaseUrl });
  } catch (error) {
    throw new Refusal(databaseSentence(error));
  }
  if (ending) return;
  const { s3, ...others } = settings;
  const server = await startServer({
    ...others,
    ...(s3 && { s3: { ...s3, secretAccessKey: Secret.of(s3.secretAccessKey) } }),
  });
  running = server;
  if (ending) await server.stop();
  await tell({ type: 'ready' });
}

/** One sentence for the person who started it. */
function explain(error: unknown, settings: ServeSettings): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${settings.port} on ${settings.host} is taken by another program: set BATON_PORT to a free one.`;
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return `Cannot listen on ${settings.host}, port ${settings.port} (${code}): check BATON_HOST and BATON_PORT.`;
  }
  if (error instanceof Refusal) return error.message;
  return `The server could not start: ${reasonOf(error)}`;
}

if (process.send === undefined) {
  process.stderr.write('This is a part of Baton and is started by it: use npm start.\n');
  process.exit(64);
}
process.on('SIGTERM', () => end(0));
process.on('disconnect', () => end(0));
process.once('message', (value) => {
  const { type: _, ...settings } = startMessage.parse(value);
  serve(settings).catch(async (error: unknown) => {
    if (ending) return;
    if (settings.logLevel === 'debug') console.error(error);
    await tell({ type: 'failed', message: explain(error, settings) });
    end(1);
  });
});
