import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFoothold, runUnder } from './account.ts';
import { type Binaries, binariesIn, locateBinaries } from './binaries.ts';

const isRoot = process.getuid?.() === 0;
const mayUnshare = spawnSync('unshare', ['--user', '--map-user=65534', 'true']).status === 0;

describe.runIf(isRoot)('a checkout below a private home, started by root', () => {
  let home: string;
  let binaries: Binaries;
  let copiesBefore: string[];
  const copies = (): string[] => readdirSync('/var/lib').filter((name) => name.startsWith('baton-postgres-'));

  beforeAll(() => {
    copiesBefore = copies();
    home = mkdtempSync(join(tmpdir(), 'baton-home-')); // 0700
    cpSync(locateBinaries().nativeDir, join(home, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
    });
    binaries = binariesIn(join(home, 'native'));
  });

  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
    for (const name of copies()) {
      if (!copiesBefore.includes(name)) rmSync(join('/var/lib', name), { recursive: true, force: true });
    }
  });

  it.runIf(mayUnshare)('is run where it lies, in a user namespace', () => {
    const found = findFoothold(binaries, join(home, 'data'));
    expect(found.account.kind).toBe('namespace');
    expect(found.binaries).toEqual(binaries);
  });

  it('is run from a copy where namespaces are not permitted, and copied only once', () => {
    const found = findFoothold(binaries, join(home, 'data'), ['other', 'copy']);
    expect(found.account.kind).toBe('other');
    expect(found.binaries.nativeDir.startsWith(home)).toBe(false);
    expect(runUnder(found.account, found.binaries.initdb, ['--version']).output).toContain('PostgreSQL');
    expect(findFoothold(binaries, join(home, 'data'), ['other', 'copy'])).toEqual(found);
    expect(existsSync(`${found.binaries.nativeDir}.${process.pid}`)).toBe(false);
  });

  it('is refused with every reason when nothing works', () => {
    expect(() => findFoothold(binaries, join(home, 'data'), ['other'])).toThrow(
      /cannot run on this machine .*as another user than root: .*BATON_DATABASE_URL/,
    );
  });
});
