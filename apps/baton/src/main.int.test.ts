import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomInt } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveSession } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import { findFreePort, until } from '@baton/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// The product as a newcomer starts it, with everything real: embedded PostgreSQL, server, station, demo practice. The order of starting and
// stopping with programs that misbehave: up.int.test.ts.

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const MAIN = join(import.meta.dirname, 'main.ts');
const STATION = join(REPOSITORY, 'apps', 'station', 'src', 'main.ts');
const BUNDLES = join(REPOSITORY, 'apps', 'station', 'demo', 'fhir-r4');
/** A quiet machine takes a fifth of it. */
const SEEDED_WITHIN_MS = 100_000;
const SECOND_START_MS = 15_000;
const LIMIT_MS = 240_000;

let folder: string;
let data: string;
let port: number;
const runs: ChildProcess[] = [];
const sessions: LiveSession[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-main-'));
  data = join(folder, 'data');
  port = await findFreePort();
});

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  for (const run of runs.splice(0)) {
    if (run.exitCode !== null || run.signalCode !== null) continue;
    run.kill('SIGTERM');
    await Promise.race([once(run, 'exit'), delay(15_000)]);
    run.kill('SIGKILL');
  }
  for (const pid of processesOf(data)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

const url = (path = ''): string => `http://127.0.0.1:${port}${path}`;
const PATH = `${dirname(process.execPath)}:/usr/bin:/bin`;

/** `node apps/baton/src/main.ts up`, in a process group of its own. */
function up(env: Record<string, string> = {}) {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [MAIN, 'up'], {
    cwd: folder,
    env: { PATH, HOME: folder, BATON_DATA_DIR: data, BATON_PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  runs.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const said = async (text: string, withinMs: number): Promise<number> => {
    while (!output.includes(text)) {
      if (child.exitCode !== null || performance.now() - startedMs > withinMs)
        throw new Error(`"${text}" was not said in ${withinMs} ms:\n${output}`);
      await delay(20);
    }
    return performance.now() - startedMs;
  };
  return {
    child,
    output: () => output,
    said,
    ready: (withinMs = SEEDED_WITHIN_MS) => said('Baton is ready.', withinMs),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      expect(child.exitCode).toBe(0);
      expect(processesOf(data)).toEqual([]);
    },
  };
}

/** Every process of this test's product: started with its folder as home, or working in it. */
function processesOf(path: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => {
      try {
        if (readlinkSync(`/proc/${entry}/cwd`).startsWith(path)) return true;
        return readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(`HOME=${folder}`);
      } catch {
        return false; // gone meanwhile, or another user's
      }
    })
    .map(Number);
}

/** All of it at once, supervisor, children and database, as a power cut would. */
async function killEverything(): Promise<void> {
  for (let left = processesOf(data); left.length > 0; left = processesOf(data)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // ended with its parent
      }
    }
    await delay(50);
  }
}

interface SignInLink {
  readonly name: string;
  readonly job: string;
  readonly url: string;
}

function readLinks(): SignInLink[] {
  const { links } = JSON.parse(readFileSync(join(data, 'demo', 'links.json'), 'utf8')) as {
    links: SignInLink[];
  };
  return links;
}

const linkOf = (job: string): string => readLinks().find((link) => link.job === job)?.url ?? '';
const fragmentOf = (link: string): string => link.slice(link.indexOf('#') + 1);

let devices = 0;
async function signIn(link: string): Promise<LiveSession> {
  devices += 1;
  const door = await createNodeDoor({
    serverUrl: url(),
    publicUrl: `http://localhost:${port}`,
    dataDir: join(folder, `device-${devices}`),
    durable: false,
  });
  const session = await door.signIn({ kind: 'demo', fragment: fragmentOf(link) });
  sessions.push(session);
  return session;
}

async function expectWholePractice(session: LiveSession): Promise<void> {
  await until(session.conversations.ready, (ready) => ready);
  await until(session.patients.state, ({ count }) => count === 20, { withinMs: 20_000 });
  await until(
    session.conversations.list,
    (rows) => rows.length >= 3 && rows.every(({ preview }) => preview !== null),
    {
      withinMs: 20_000,
    },
  );
  expect(session.directory.people.read()).toHaveLength(20);
  expect(session.me.read()).toMatchObject({ orgName: 'Harbor Family Practice', demo: true });
  expect(session.alarms.read()).toEqual([]);
}

/** Nobody gets in by a link, whether it exists or not, and nothing was made. */
async function expectNoDemo(link: string): Promise<void> {
  const info = await fetch(url('/v1/server')).then((answer) => answer.json());
  expect(info).toMatchObject({ demo: false });
  const [account] = fragmentOf(link).split('.') as [string];
  const answer = await fetch(url('/v1/auth/demo'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://localhost:${port}` },
    body: JSON.stringify({ account, proof: 'A'.repeat(43), bearer: true }),
  });
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'request.not_found' }]);
  await expect(signIn(link)).rejects.toMatchObject({ code: 'request.not_found' });
}

describe('the demo practice', () => {
  it(
    'is complete when it is called ready, and opens by its links',
    async () => {
      const first = up();
      const seen = new Set<string>();
      for (;;) {
        const answer = await fetch(url('/readyz')).catch(() => null);
        if (answer?.status === 200) break;
        if (answer) seen.add(`${answer.status} ${((await answer.json()) as { at: string }).at}`);
        await delay(25);
      }
      // At this very moment, not a little later.
      expect(existsSync(join(data, 'demo', 'links.json'))).toBe(true);
      await expectWholePractice(await signIn(linkOf('physician')));
      expect([...seen]).toContain('503 demo');
      expect(seen.size).toBe(1);

      const readyMs = await first.ready();
      expect(statSync(join(data, 'demo', 'links.json')).mode & 0o777).toBe(0o600);
      const links = readLinks();
      expect(links.map(({ job }) => job).sort()).toEqual([
        'medical assistant',
        'nurse',
        'physician',
        'practice manager',
      ]);
      for (const { url: link } of links) {
        expect(first.output()).toContain(link);
        expect(link).toMatch(new RegExp(`^http://localhost:${port}/demo#a_[\\w-]{22}\\.[\\w-]{43}$`));
      }
      for (const job of ['nurse', 'medical assistant']) await expectWholePractice(await signIn(linkOf(job)));
      await Promise.all(sessions.splice(0).map((session) => session.close()));
      await first.stop();

      const second = up();
      const againMs = await second.ready(SECOND_START_MS);
      console.log(
        `ready after ${Math.round(readyMs)} ms with seeding, ${Math.round(againMs)} ms the second time`,
      );
      expect(second.output()).not.toContain('demo practice made');
      expect(readLinks()).toEqual(links);
      await expectWholePractice(await signIn(linkOf('practice manager')));
      await Promise.all(sessions.splice(0).map((session) => session.close()));
      await second.stop();

      // The same folder without the demo: what opened it before opens nothing.
      const without = up({ BATON_DEMO: '0' });
      await without.ready(SECOND_START_MS);
      await expectNoDemo(links[0]?.url ?? '');
      expect(without.output()).not.toContain('/demo#');
      await without.stop();
    },
    LIMIT_MS,
  );

  it(
    'is completed by the next start when everything dies in the middle of its making',
    async () => {
      const seed = randomInt(3000);
      console.log(`seed ${seed}`);
      const first = up();
      await first.said('members of staff', SEEDED_WITHIN_MS);
      await delay(seed);
      const wasMade = first.output().includes('demo practice made');
      await killEverything();
      const second = up();
      await second.ready();
      expect(wasMade || second.output().includes('demo practice made')).toBe(true);
      expect(existsSync(join(data, 'station', 'seeding'))).toBe(false);
      await expectWholePractice(await signIn(linkOf('nurse')));
      await Promise.all(sessions.splice(0).map((session) => session.close()));
      await second.stop();
    },
    LIMIT_MS,
  );

  it(
    'is not there by default where others could reach it, and is where it is asked for',
    async () => {
      const open = up({ BATON_HOST: '0.0.0.0' });
      await open.ready();
      const info = await fetch(url('/v1/server')).then((answer) => answer.json());
      expect(info).toMatchObject({ demo: false, setUp: false });
      await expectNoDemo(`http://localhost:${port}/demo#a_${'A'.repeat(22)}.${'A'.repeat(43)}`);
      expect(readdirSync(join(data, 'demo'))).toEqual([]);
      expect(open.output()).toContain('admin init');
      await open.stop();
    },
    LIMIT_MS,
  );
});
