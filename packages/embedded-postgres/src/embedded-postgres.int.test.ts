import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccountKind } from './account.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from './index.ts';
import { findServers, readPostmasterPid } from './orphans.ts';
import { startCluster } from './start.ts';
import { startTemporaryPostgres } from './temporary.ts';

const isRoot = process.getuid?.() === 0;
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Private to its maker, as a home is: mkdtemp makes it 0700. */
function privateFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'baton test-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return dir;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function start(dataDir: string, accounts?: readonly AccountKind[]) {
  const lines: string[] = [];
  const server = await startCluster({
    folder: join(dataDir, 'postgres'),
    log: (line) => lines.push(line),
    durable: true,
    settings: { shared_buffers: '16MB' },
    ...(accounts ? { accounts } : {}),
  });
  cleanups.push(() => server.stop());
  return { server, lines };
}

/** A process of its own that starts the server, says its url and stays. */
async function spawnHolder(dataDir: string, user: { uid?: number; gid?: number } = {}) {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const server = await startEmbeddedPostgres({ dataDir: process.argv[1], log: console.error });
    process.send(server.url);
    process.on('SIGTERM', () => server.stop().then(() => process.disconnect()));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    ...user,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  cleanups.push(() => void child.kill('SIGKILL'));
  const url = await Promise.race([
    once(child, 'message').then(([message]) => String(message)),
    once(child, 'exit').then(() => Promise.reject(new Error(errors))),
  ]);
  return { child, url, guard: guardOf(child) };
}

function guardOf(child: ChildProcess): number {
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  const guard = children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sh');
  if (guard === undefined) throw new Error('no guard');
  return guard;
}

/** The programs' copy is made to last; one that only a test asked for goes. */
function removeNewCopies(): void {
  const copies = (): string[] => readdirSync('/var/lib').filter((name) => name.startsWith('baton-postgres-'));
  const before = copies();
  cleanups.push(() => {
    for (const name of copies()) {
      if (!before.includes(name)) rmSync(join('/var/lib', name), { recursive: true, force: true });
    }
  });
}

async function untilGone(data: string): Promise<void> {
  await expect.poll(() => findServers(data), { timeout: 30_000 }).toEqual([]);
}

describe('startEmbeddedPostgres', () => {
  it('keeps its data over a clean stop, leaving no process, socket or login behind', async () => {
    const dir = privateFolder();
    const first = await startEmbeddedPostgres({ dataDir: dir, log: () => {} });
    cleanups.push(() => first.stop());
    expect(findEmbeddedPostgres(dir)).toEqual({ url: first.url });
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    expect(
      await query(
        first.superuserUrl,
        "SELECT name, setting FROM pg_settings WHERE name IN ('fsync','synchronous_commit','full_page_writes','data_checksums','ssl','listen_addresses') ORDER BY 1",
      ),
    ).toEqual([
      { name: 'data_checksums', setting: 'on' },
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '' },
      { name: 'ssl', setting: 'off' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
    expect(statSync(join(dir, 'postgres', 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'postgres', 'data')).mode & 0o077).toBe(0);
    const socketDir = new URL(first.url.replace('@/', '@h/')).searchParams.get('host') ?? '';
    expect(existsSync(socketDir)).toBe(true);
    await first.stop();
    await first.stop();
    expect(findServers(join(dir, 'postgres', 'data'))).toEqual([]);
    expect(existsSync(socketDir)).toBe(false);
    expect(findEmbeddedPostgres(dir)).toBeNull();
    const { server } = await start(dir);
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('refuses a login without the password, and a second start on the same folder', async () => {
    const dir = privateFolder();
    const { server } = await start(dir);
    await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password/);
    await expect(start(dir)).rejects.toMatchObject({ code: 'folder_in_use' });
  });

  it('starts the server again when it is killed, with every committed row', async () => {
    const dir = privateFolder();
    const { server, lines } = await start(dir);
    await query(server.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    const exits: unknown[] = [];
    server.onExit((exit) => exits.push(exit));
    process.kill(readPostmasterPid(join(dir, 'postgres', 'data')) ?? 0, 'SIGKILL');
    await expect.poll(() => lines, { timeout: 30_000 }).toContain('PostgreSQL is back.');
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('stops with its process, and an orphan left after everything was killed is replaced', async () => {
    const dir = privateFolder();
    const data = join(dir, 'postgres', 'data');
    const watched = await spawnHolder(dir);
    await query(watched.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    watched.child.kill('SIGKILL');
    await untilGone(data);

    const unwatched = await spawnHolder(dir);
    process.kill(unwatched.guard, 'SIGKILL');
    unwatched.child.kill('SIGKILL');
    await delay(100);
    expect(findServers(data)).not.toEqual([]);
    const { server, lines } = await start(dir);
    expect(lines.join()).toMatch(/left over/);
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('takes no unrelated process for its own when postmaster.pid names one', async () => {
    const dir = privateFolder();
    const { server } = await start(dir);
    await server.stop();
    const bystander = spawn('sleep', ['60'], { cwd: join(dir, 'postgres', 'data') });
    cleanups.push(() => void bystander.kill());
    const record = join(dir, 'postgres', 'data', 'postmaster.pid');
    writeFileSync(record, `${bystander.pid}\n${join(dir, 'postgres', 'data')}\n1\n5432\n\n\n0 0\n`);
    if (isRoot) chownSync(record, 58_420, 58_420);
    const again = await start(dir);
    await query(again.server.url, 'SELECT 1');
    expect(bystander.exitCode).toBeNull();
    expect(bystander.signalCode).toBeNull();
  });

  it('finishes what a killed first start began, and sets new passwords when the file with them is lost', async () => {
    const dir = privateFolder();
    mkdirSync(join(dir, 'postgres', 'data.unfinished-1', 'base'), { recursive: true });
    const { server } = await start(dir);
    expect(readdirSync(join(dir, 'postgres')).filter((name) => name.includes('unfinished'))).toEqual([]);
    await server.stop();
    rmSync(join(dir, 'postgres', 'secrets.json'));
    const again = await start(dir);
    expect(await query(again.server.url, 'SELECT current_user AS who')).toEqual([{ who: 'baton' }]);
  });

  it('names the versions when the data is of another one', async () => {
    const dir = privateFolder();
    const { server } = await start(dir);
    await server.stop();
    writeFileSync(join(dir, 'postgres', 'data', 'PG_VERSION'), '17\n');
    await expect(start(dir)).rejects.toThrow(/made by PostgreSQL 17, these programs are PostgreSQL 18/);
  });
});

describe.runIf(isRoot)('as root, below a folder only root can enter', () => {
  it.each(['other', 'namespace', 'copy'] as const)('runs as an ordinary user: %s', async (kind) => {
    removeNewCopies();
    const dir = privateFolder();
    const { server } = await start(dir, [kind]);
    const [pid] = findServers(join(dir, 'postgres', 'data'));
    const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    expect(uid).toBe(kind === 'namespace' ? 0 : 58_420);
    await query(server.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await server.stop();
    // The next start may find another way open; the files follow.
    const again = await start(dir, [kind === 'namespace' ? 'other' : 'namespace']);
    expect(await query(again.server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it("serves an ordinary user too, and that user's data stays that user's", async () => {
    const dir = privateFolder();
    chmodSync(dir, 0o755);
    const home = join(dir, 'home');
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, 65_534, 65_534);
    const holder = await spawnHolder(home, { uid: 65_534, gid: 65_534 });
    await query(holder.url, 'SELECT 1');
    const ended = once(holder.child, 'exit');
    holder.child.kill('SIGTERM');
    await ended;
    expect(findServers(join(home, 'postgres', 'data'))).toEqual([]);
    const { server } = await start(home);
    await query(server.url, 'SELECT 1');
    expect(statSync(join(home, 'postgres', 'data')).uid).toBe(65_534);
  });
});

describe('startTemporaryPostgres', () => {
  it('gives separate databases, and leaves nothing', async () => {
    const temporary = await startTemporaryPostgres();
    cleanups.push(() => temporary.stop());
    const url = await temporary.createDatabase('one');
    await query(url, 'CREATE TABLE t AS SELECT 1 AS n');
    expect(await query(url, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
    await expect(query(temporary.url, 'SELECT n FROM t')).rejects.toThrow(/does not exist/);
    await expect(temporary.createDatabase('x; drop')).rejects.toThrow(RangeError);
    const [row] = await query(temporary.superuserUrl, 'SHOW data_directory');
    const folder = String(Object.values(row ?? {})[0]);
    expect(folder).not.toBe('');
    await temporary.stop();
    expect(
      readdirSync(tmpdir()).filter((name) => name.startsWith('baton-pg-') && folder.includes(name)),
    ).toEqual([]);
  });
});
