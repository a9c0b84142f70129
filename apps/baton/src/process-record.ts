import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** A process, told apart from a later one with the same number by when it began. */
const processRecord = z.object({ pid: z.int().positive(), began: z.string().min(1) });

/** Leaves word of a process for the next start. */
export function writeProcessRecord(path: string, pid: number): void {
  const began = beginningOf(pid);
  if (began === null) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify({ pid, began }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function removeProcessRecord(path: string): void {
  rmSync(path, { force: true });
}

/**
 * Ends the process an earlier run left behind, first politely, then not. Does nothing when it is gone or when its
 * number has passed to another process. Resolves to whether there was one.
 */
export async function stopRecorded(path: string, patienceMs: number): Promise<boolean> {
  const pid = findRecorded(path);
  if (pid !== null) {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (findRecorded(path) === null) break;
      trySignal(pid, signal);
      for (let waitedMs = 0; waitedMs < patienceMs && findRecorded(path) !== null; waitedMs += 20)
        await delay(20);
    }
  }
  removeProcessRecord(path);
  return pid !== null;
}

/** The number of the recorded process if that very process still lives. */
export function findRecorded(path: string): number | null {
  const record = readRecord(path);
  return record !== null && beginningOf(record.pid) === record.began ? record.pid : null;
}

function readRecord(path: string): z.infer<typeof processRecord> | null {
  try {
    return processRecord.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // none, or torn by a crash: then there is nothing to be sure of
  }
}

/** When a living process began, as an opaque string that differs over reboots too; null when there is none. */
export function beginningOf(pid: number): string | null {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout?.trim() || null;
  }
  const fields = statFields(pid);
  // proc_pid_stat(5): field 3 state (Z: only its parent has not noticed yet), field 22 start time.
  if (fields === null || fields[0] === 'Z') return null;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
}

/** The parent of a process; null when unknown (not Linux, or gone). */
export function parentOf(pid: number): number | null {
  const parent = Number(statFields(pid)?.[1]);
  return Number.isSafeInteger(parent) ? parent : null;
}

/** The fields of /proc/<pid>/stat after the program's name, which is in brackets and may hold anything. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}
