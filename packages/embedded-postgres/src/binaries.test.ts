import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeLinks } from './binaries.ts';

it('makes the library links that an install without scripts leaves out, and only the missing ones', () => {
  const dir = mkdtempSync(join(tmpdir(), 'baton-links-'));
  try {
    mkdirSync(join(dir, 'native', 'lib'), { recursive: true });
    writeFileSync(join(dir, 'native', 'lib', 'liba.so.1.2'), 'library');
    const list = [
      { source: 'native/lib/liba.so.1.2', target: 'native/lib/liba.so.1' },
      { source: 'native/lib/liba.so.1.2', target: 'native/lib/liba.so' },
    ];
    writeFileSync(join(dir, 'native', 'pg-symlinks.json'), JSON.stringify(list));
    makeLinks(dir);
    makeLinks(dir);
    expect(readlinkSync(join(dir, 'native', 'lib', 'liba.so.1'))).toBe('liba.so.1.2');
    expect(readlinkSync(join(dir, 'native', 'lib', 'liba.so'))).toBe('liba.so.1.2');
    rmSync(join(dir, 'native', 'pg-symlinks.json'));
    expect(() => makeLinks(dir)).not.toThrow();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
