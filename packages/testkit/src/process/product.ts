import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from './server-process.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', '..', 'apps', 'baton', 'src', 'main.ts');
const STOP_LIMIT_MS = 15_000;

export interface SignInLink {
  readonly name: string;
  /** `physician`, `nurse`, `medical assistant`, `practice manager`. */
  readonly job: string;
  readonly url: string;
}

/** One life of `up`, in a process group of its own. */
export interface ProductRun {
  readonly child: ChildProcess;
  /** What it has written so far, to either stream. */
  output(): string;
  /** Milliseconds from the start until it had said this. */
  said(text: string, withinMs: number): Promise<number>;
  ready(withinMs: number): Promise<number>;
  /** TERM, as Ctrl-C; resolves to the exit code. */
  stop(): Promise<number | null>;
}

/** The whole product on a data folder of its own: what a newcomer starts, with everything real. */
export interface Product {
  readonly port: number;
  /** Page of the patients' simulated phones, at the station. */
  readonly phonesUrl: string;
  /** Where people reach it, as the links say. */
  readonly url: string;
  /** Everything of this product lies below. */
  readonly folder: string;
  readonly dataDir: string;
  up(env?: Readonly<Record<string, string>>): ProductRun;
  links(): readonly SignInLink[];
  /** Patients of the demo who are invited and have not come in. */
  invitedPatients(): readonly { readonly name: string; readonly url: string; readonly code: string }[];
  /** Every process of it that lives: supervisor, server, station, database. */
  processes(): number[];
  /** All of it at once, as a power cut would. */
  killEverything(): Promise<void>;
  /** Ends what runs and removes the folder. */
  dispose(): Promise<void>;
}

export async function createProduct(): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-product-'));
  const dataDir = join(folder, 'data');
  const port = await findFreePort();
  const stationPort = await findFreePort();
  const runs: ProductRun[] = [];
  const processes = (): number[] => processesOf(folder);
  const killEverything = async (): Promise<void> => {
    for (let left = processes(); left.length > 0; left = processes()) {
      for (const pid of left) trySignal(pid, 'SIGKILL');
      await delay(50);
    }
  };
  return {
    port,
    phonesUrl: `http://localhost:${stationPort}/sms/phones`,
    url: `http://localhost:${port}`,
    folder,
    dataDir,
    up(env = {}) {
      const run = startRun({
        PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
        HOME: folder,
        BATON_DATA_DIR: dataDir,
        BATON_PORT: String(port),
        BATON_STATION_PORT: String(stationPort),
        ...env,
      });
      runs.push(run);
      return run;
    },
    links() {
      const file: unknown = JSON.parse(readFileSync(join(dataDir, 'demo', 'links.json'), 'utf8'));
      return (file as { links: SignInLink[] }).links;
    },
    invitedPatients() {
      const file: unknown = JSON.parse(readFileSync(join(dataDir, 'demo', 'links.json'), 'utf8'));
      return (file as { patients: { name: string; url: string; code: string }[] }).patients;
    },
    processes,
    killEverything,
    async dispose() {
      await Promise.all(runs.map((run) => run.stop()));
      await killEverything();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function startRun(env: Readonly<Record<string, string>>): ProductRun {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [MAIN, 'up'], {
    cwd: '/',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const said = async (text: string, withinMs: number): Promise<number> => {
    while (!output.includes(text)) {
      if (isOver() || performance.now() - startedMs > withinMs)
        throw new Error(`"${text}" was not said within ${withinMs} ms:\n${output}`);
      await delay(20);
    }
    return performance.now() - startedMs;
  };
  return {
    child,
    output: () => output,
    said,
    ready: (withinMs) => said('Baton is ready.', withinMs),
    async stop() {
      if (isOver()) return child.exitCode;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await once(child, 'exit');
      clearTimeout(late);
      return child.exitCode;
    },
  };
}

/** Processes that were started with this folder as home, or work in it. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => {
      try {
        if (readlinkSync(`/proc/${entry}/cwd`).startsWith(folder)) return true;
        return readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(`HOME=${folder}`);
      } catch {
        return false; // gone meanwhile, or another user's
      }
    })
    .map(Number);
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ended with its parent
  }
}
