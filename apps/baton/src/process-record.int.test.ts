import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginningOf, findRecorded, parentOf, stopRecorded, writeProcessRecord } from './process-record.ts';

describe('a recorded process', () => {
  let dir: string;
  let record: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'baton-record-'));
    record = join(dir, 'run', 'child.json');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  function start(script: string): ChildProcess & { pid: number } {
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    if (child.pid === undefined) throw new Error('no process');
    return Object.assign(child, { pid: child.pid });
  }

  it('is found while it lives, and stopped', async () => {
    const child = start('exec sleep 60');
    writeProcessRecord(record, child.pid);
    expect(findRecorded(record)).toBe(child.pid);
    expect(parentOf(child.pid)).toBe(process.pid);
    const exit = once(child, 'exit');
    expect(await stopRecorded(record, 2000)).toBe(true);
    expect(await exit).toEqual([null, 'SIGTERM']);
    expect(await stopRecorded(record, 2000)).toBe(false);
  });

  it('is stopped even if it will not listen', async () => {
    const child = start('trap "" TERM; echo deaf; while :; do sleep 1; done');
    if (child.stdout) await once(child.stdout, 'data');
    writeProcessRecord(record, child.pid);
    const exit = once(child, 'exit');
    expect(await stopRecorded(record, 100)).toBe(true);
    expect(await exit).toEqual([null, 'SIGKILL']);
  });

  it('is not mistaken for another that bears its number, nor read from a torn record', async () => {
    const child = start('exec sleep 60');
    writeProcessRecord(record, child.pid);
    for (const text of [JSON.stringify({ pid: child.pid, began: 'another time' }), '{"pid":', '{}']) {
      writeFileSync(record, text);
      expect(findRecorded(record)).toBeNull();
      expect(await stopRecorded(record, 100)).toBe(false);
    }
    expect(beginningOf(child.pid)).not.toBeNull();
    expect(child.signalCode).toBeNull();
  });
});
