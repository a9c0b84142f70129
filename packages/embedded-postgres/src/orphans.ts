import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.ts';

/**
 * Stops every PostgreSQL process still working in `dataDir` after an earlier run was killed, gently first. Call it
 * only while holding the folder's lock: then whatever is found has lost its supervisor.
 */
export async function stopOrphans(dataDir: string, log: (line: string) => void): Promise<void> {
  let found = findServers(dataDir);
  if (found.length > 0) {
    log(`Stopping PostgreSQL processes that were left over (pid ${readPostmasterPid(dataDir) ?? found[0]}).`);
    // Fast shutdown, then immediate shutdown; without a living postmaster its processes end by themselves.
    for (const [signal, patienceMs] of [
      ['SIGINT', 5000],
      ['SIGQUIT', 2000],
      ['SIGKILL', 3000],
    ] as const) {
      const postmaster = readPostmasterPid(dataDir);
      const leader = postmaster !== null && found.includes(postmaster);
      for (const pid of leader && signal !== 'SIGKILL' ? [postmaster] : found) send(pid, signal);
      found = await waitUntilGone(dataDir, patienceMs);
      if (found.length === 0) break;
    }
    if (found.length > 0) {
      throw new EmbeddedPostgresError(
        'orphan_stuck',
        `PostgreSQL of an earlier run (pid ${found.join(', ')}) still uses ${dataDir} and does not stop. End it by hand.`,
      );
    }
  }
  dropReusedPid(dataDir);
}

async function waitUntilGone(dataDir: string, patienceMs: number): Promise<number[]> {
  const until = Date.now() + patienceMs;
  let found = findServers(dataDir);
  while (found.length > 0 && Date.now() < until) {
    await delay(20);
    found = findServers(dataDir);
  }
  return found;
}

/**
 * Process ids of PostgreSQL working in `dataDir`. Linux: every one of its processes has it as working directory, so
 * another process that happens to bear a recorded number is never taken for it. macOS: the recorded one, if its
 * command line names the folder.
 */
export function findServers(dataDir: string): number[] {
  if (!existsSync(dataDir)) return [];
  if (process.platform !== 'linux') {
    const pid = readPostmasterPid(dataDir);
    if (pid === null) return [];
    const command = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
    return command.includes('postgres') && command.includes(dataDir) ? [pid] : [];
  }
  const real = realpathSync(dataDir);
  const found: number[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (readlinkSync(`/proc/${entry}/cwd`) !== real) continue;
      const program = basename(readlinkSync(`/proc/${entry}/exe`)).replace(' (deleted)', '');
      if (program === 'postgres') found.push(Number(entry));
    } catch {
      // Gone meanwhile, or another user's.
    }
  }
  return found;
}

/** First line of postmaster.pid (PostgreSQL: pidfile.h). */
export function readPostmasterPid(dataDir: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/**
 * PostgreSQL refuses to start when the process recorded in postmaster.pid is alive, though after a crash that number
 * may by now belong to something else of the same user. Nothing works in the folder, so the record is void.
 */
function dropReusedPid(dataDir: string): void {
  const pid = readPostmasterPid(dataDir);
  if (pid !== null && isAlive(pid)) rmSync(join(dataDir, 'postmaster.pid'), { force: true });
}

function isAlive(pid: number): boolean {
  return send(pid, 0);
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
