import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// The order of starting and stopping, and what is left after a crash, with two small programs in the places of server
// and station that can be told to misbehave. The whole, with the real ones: main.int.test.ts.

const SERVER = `
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
process.on('message', ({ type, ...settings }) => {
  writeFileSync(process.env.TMPDIR + '/server.json', JSON.stringify({ settings, env: process.env, argv: process.argv, pid: process.pid }));
  if (settings.logLevel === 'error') { process.send({ type: 'failed', message: 'No room at the inn.' }); process.exit(1); }
  createServer((_, response) => { response.end('ok'); }).listen(settings.port, settings.host, () => process.send({ type: 'ready' }));
});
process.on('disconnect', () => { if (!process.env.LC_STUBBORN) process.exit(); });
process.on('SIGTERM', () => { console.log('server: stopping'); if (!process.env.LC_STUBBORN) process.exit(); });
`;
const STATION = `
import { writeFileSync } from 'node:fs';
writeFileSync(process.env.TMPDIR + '/station.json', JSON.stringify({ env: process.env, argv: process.argv, pid: process.pid }));
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => { console.log('station: stopping'); process.exit(); });
setInterval(() => {}, 1000);
`;

let dir: string;
let port: number;
const runs: ChildProcess[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'baton-up-'));
  writeFileSync(join(dir, 'server.mjs'), SERVER);
  writeFileSync(join(dir, 'station.mjs'), STATION);
  port = await findFreePort();
});

afterEach(async () => {
  for (const run of runs.splice(0)) if (run.exitCode === null) run.kill('SIGKILL');
  for (const pid of processesIn(join(dir, 'data'))) process.kill(pid, 'SIGKILL');
  await delay(50);
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** `up` in a process of its own, with main.ts's handling of signals left out of account: TERM stops it. */
function run(env: Record<string, string> = {}) {
  const script = `
    import { readConfig } from ${JSON.stringify(new URL('./config.ts', import.meta.url).href)};
    import { up } from ${JSON.stringify(new URL('./up.ts', import.meta.url).href)};
    const dir = process.argv[1];
    const programs = { server: dir + '/server.mjs', station: dir + '/station.mjs', web: dir + '/none' };
    const stop = new AbortController();
    process.on('SIGTERM', () => stop.abort());
    const config = readConfig();
    if (!config.ok) throw new Error(config.error);
    await up({ config: config.value, programs, stop: stop.signal, say: console.log, log: console.log }).catch((error) => {
      console.log(error.message);
      process.exitCode = error.exitCode ?? 99;
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dir], {
    env: {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: dir,
      PGPASSWORD: 'sesame',
      BATON_DATA_DIR: join(dir, 'data'),
      BATON_PORT: String(port),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  runs.push(child);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const exited = once(child, 'exit').then(([code]) => Number(code));
  return {
    child,
    exited,
    output: () => output,
    async until(text: string) {
      const gone = exited.then((code) => {
        throw new Error(`ended (${code}) before "${text}":\n${output}`);
      });
      gone.catch(() => {});
      while (!output.includes(text)) await Promise.race([delay(10), gone]);
    },
  };
}

interface Seen extends Record<string, unknown> {
  readonly pid: number;
  readonly env: Record<string, string>;
}

/** What a program was told, once it runs: the station may be slower than the whole is ready. */
async function seen(name: 'server' | 'station'): Promise<Seen> {
  for (;;) {
    try {
      return JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8')) as Seen;
    } catch {
      await delay(10);
    }
  }
}

/** Every process of ours that still works for this test: by working folder or by command line. */
function processesIn(path: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
        return readlinkSync(`/proc/${entry}/cwd`).startsWith(path) || command.includes(`${dir}/s`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('up', () => {
  it('is ready, keeps what is private apart, and stops in order leaving nothing', async () => {
    const first = run();
    await first.until('Baton is ready.');
    const data = join(dir, 'data');
    expect(first.output()).toContain(`http://localhost:${port}`);
    expect(first.output()).toContain(data);

    const server = await seen('server');
    const station = await seen('station');
    expect(server['settings']).toMatchObject({
      port,
      demo: true,
      dataDir: join(data, 'server'),
      webDir: null,
    });
    const token = station.env['BATON_STATION_DEMO_TOKEN'];
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(server['settings']).toMatchObject({ demoSeedToken: token });
    expect(station.env).toMatchObject({
      BATON_STATION_SERVER_URL: `http://127.0.0.1:${port}`,
      BATON_STATION_DATA_DIR: join(data, 'station'),
    });
    const stationSees = JSON.stringify(station);
    for (const secret of ['postgres', 'sesame', join(data, 'server')])
      expect(stationSees).not.toContain(secret);
    expect(JSON.stringify(server)).not.toContain(join(data, 'station'));
    expect(JSON.stringify([server['argv'], server.env, station['argv']])).not.toContain(token);
    for (const name of ['', 'server', 'station', 'demo', 'run']) {
      expect([name, statSync(join(data, name)).mode & 0o777]).toEqual([name, 0o700]);
    }

    const second = run();
    expect(await second.exited).toBe(75);
    expect(second.output()).toContain(`process ${first.child.pid} (http://localhost:${port})`);

    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect(first.output()).toMatch(/station: stopping[^]*server: stopping/);
    expect(processesIn(data)).toEqual([]);
  });

  it('recovers by itself after everything was killed, and kills no bystander', async () => {
    const data = join(dir, 'data');
    const first = run({ LC_STUBBORN: '1' });
    await first.until('Baton is ready.');
    const { pid } = await seen('server');
    first.child.kill('SIGKILL');
    await first.exited;
    // The station leaves with its parent, PostgreSQL is shut down; the stubborn server keeps the port.
    await expect.poll(() => processesIn(data), { timeout: 30_000 }).toEqual([pid]);

    const second = run();
    await second.until('Baton is ready.');
    expect(second.output()).toContain('Stopped the server that an earlier run left behind.');
    second.child.kill('SIGTERM');
    await second.exited;

    const bystander = spawn('sleep', ['60']);
    runs.push(bystander);
    writeFileSync(
      join(data, 'run', 'server.json'),
      JSON.stringify({ pid: bystander.pid, began: 'another time' }),
    );
    const third = run();
    await third.until('Baton is ready.');
    expect(bystander.signalCode).toBeNull();
  });

  it('starts a crashed child again, and cuts off one that does not stop', async () => {
    const first = run({ LC_STUBBORN: '1' });
    await first.until('Baton is ready.');
    const { pid } = await seen('server');
    process.kill(pid, 'SIGKILL');
    process.kill((await seen('station')).pid, 'SIGKILL');
    await first.until('The server ended (SIGKILL) and is started again');
    await first.until('The station ended (SIGKILL) and is started again');
    await expect.poll(async () => (await seen('server')).pid, { timeout: 30_000 }).not.toBe(pid);
    const answer = () => fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    await expect.poll(async () => (await answer())?.status, { timeout: 30_000 }).toBe(200);
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect(processesIn(join(dir, 'data'))).toEqual([]);
  });

  it('gives up with the sentence of a server that cannot start, taking the rest down', async () => {
    const only = run({ BATON_LOG_LEVEL: 'error' });
    expect(await only.exited).toBe(1);
    expect(only.output()).toContain('No room at the inn.');
    expect(processesIn(join(dir, 'data'))).toEqual([]);
    expect(existsSync(join(dir, 'station.json'))).toBe(false);
  });

  it('refuses a data folder it cannot use', async () => {
    writeFileSync(join(dir, 'file'), '');
    const only = run({ BATON_DATA_DIR: join(dir, 'file', 'data') });
    expect(await only.exited).toBe(1);
    expect(only.output()).toMatch(/data folder .* cannot be used .*BATON_DATA_DIR/);
  });
});
