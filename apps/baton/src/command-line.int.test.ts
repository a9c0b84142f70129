import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

function baton(args: string[], env: Record<string, string> = {}) {
  const main = join(import.meta.dirname, 'main.ts');
  const run = spawnSync(process.execPath, [main, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
  });
  return { code: run.status, out: run.stdout, error: run.stderr };
}

describe('the command line', () => {
  it('explains itself with --help, whatever the settings', () => {
    const { code, out } = baton(['--help'], { BATON_PORT: 'x' });
    expect(code).toBe(0);
    for (const name of [
      'PORT',
      'HOST',
      'PUBLIC_URL',
      'DATA_DIR',
      'DATABASE_URL',
      'DEMO',
      'STATION',
      'LOG_LEVEL',
    ]) {
      expect(out).toContain(`BATON_${name}`);
    }
  });

  it('refuses a command it does not know', () => {
    const { code, out, error } = baton(['upp']);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(error).toContain('"upp"');
  });

  it.each([['up'], ['admin', 'init']])('stops at a wrong setting with one sentence: %s', (...args) => {
    const { code, out, error } = baton(args, { BATON_PORT: 'eighty' });
    expect({ code, out }).toEqual({ code: 78, out: '' });
    expect(error).toBe('BATON_PORT is "eighty", but must be a port number from 1 to 65535.\n');
  });
});
