import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { removeProcessRecord, writeProcessRecord } from './process-record.ts';
import { Refusal } from './refusal.ts';

/** What a child tells us over its channel. A child that cannot start says why in one sentence and ends. */
const childMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type ChildMessage = z.infer<typeof childMessage>;

export interface ChildOptions {
  readonly name: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Sent to each new process over its channel, which, unlike arguments and environment, nobody else can read. */
  readonly hello: unknown;
  /** Where the process is recorded for a next start that finds it orphaned. */
  readonly record: string;
  /** True: one that ends by itself before it was ever ready is not started again, but reported through `ready`. */
  readonly mustStart: boolean;
  readonly log: (line: string) => void;
}

export interface SupervisedChild {
  /** Resolves when it was ready for the first time; rejects with a Refusal when it gave up before (`mustStart`). */
  readonly ready: Promise<void>;
  /** Asks it to end, insists after `graceMs`; idempotent. */
  stop(graceMs: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

const RESTART_DELAY_MS = { first: 250, most: 10_000 };
/** A child that lived this long has recovered: its next crash is restarted as quickly as a first one. */
const SETTLED_MS = 30_000;

/**
 * Keeps a Node process running: when it crashes it is started again, each time later while it keeps crashing.
 */
export function superviseChild(options: ChildOptions): SupervisedChild {
  const { name, log } = options;
  const stopped = new AbortController();
  const first = Promise.withResolvers<void>();
  first.promise.catch(() => {}); // the caller may have stopped waiting
  let current = spawnChild(options);
  let everReady = false;

  const loop = (async () => {
    let delayMs = RESTART_DELAY_MS.first;
    for (;;) {
      const life = await watch(current, () => {
        everReady = true;
        first.resolve();
      });
      if (stopped.signal.aborted) return;
      if (options.mustStart && !everReady && !life.killed) {
        return first.reject(new Refusal(life.failure ?? `The ${name} could not start (${life.ending}).`));
      }
      if (life.ms > SETTLED_MS) delayMs = RESTART_DELAY_MS.first;
      log(`The ${name} ended (${life.failure ?? life.ending}) and is started again in ${delayMs / 1000} s.`);
      await delay(delayMs, undefined, { signal: stopped.signal }).catch(() => {});
      if (stopped.signal.aborted) return;
      delayMs = Math.min(delayMs * 2, RESTART_DELAY_MS.most);
      current = spawnChild(options);
    }
  })();

  return {
    ready: first.promise,
    async stop(graceMs) {
      stopped.abort();
      current.kill('SIGTERM');
      const late = setTimeout(() => current.kill('SIGKILL'), graceMs);
      await loop;
      clearTimeout(late);
      removeProcessRecord(options.record);
    },
    kill() {
      stopped.abort();
      current.kill('SIGKILL');
    },
  };
}

// Node 24 warns that its post-quantum algorithms are experimental; @baton/crypto probes each before it relies on it.
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

function spawnChild(options: ChildOptions): ChildProcess {
  const child = spawn(process.execPath, [...NODE_FLAGS, options.entry, ...options.args], {
    cwd: '/',
    env: options.env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true, // a Ctrl-C in the terminal is ours to pass on, in our order
  });
  child.on('error', () => {}); // seen as its end by watch()
  if (child.pid !== undefined) {
    writeProcessRecord(options.record, child.pid);
    child.send({ type: 'start', ...toObject(options.hello) }, () => {}); // a lost message is a lost child
  }
  return child;
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

interface Life {
  readonly ending: string;
  readonly killed: boolean;
  /** What the child said about not being able to start. */
  readonly failure: string | null;
  readonly ms: number;
}

function watch(child: ChildProcess, onReady: () => void): Promise<Life> {
  const since = Date.now();
  return new Promise((resolve) => {
    let failure: string | null = null;
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      const ending = signal ?? (code === null ? 'it could not be run' : `exit code ${code}`);
      resolve({ ending, killed: signal !== null, failure, ms: Date.now() - since });
    };
    child.on('message', (value) => {
      const message = childMessage.safeParse(value);
      if (!message.success) return;
      if (message.data.type === 'ready') onReady();
      else failure = message.data.message;
    });
    child.once('error', () => {
      if (child.pid === undefined) end(null, null);
    });
    child.once('exit', end);
  });
}
