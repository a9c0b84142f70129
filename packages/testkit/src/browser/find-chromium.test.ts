import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './find-chromium.ts';

const UNSAFE =
  /single-process|no-zygote|disable-web-security|site-isolation|insecure-content|disable-features/;

let folder: string;
let runnable: string;
let notRunnable: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-chromium-'));
  runnable = join(folder, 'chromium');
  notRunnable = join(folder, 'text');
  writeFileSync(runnable, '#!/bin/sh\n');
  chmodSync(runnable, 0o755);
  writeFileSync(notRunnable, 'x');
  chmodSync(notRunnable, 0o644);
});
afterAll(() => rmSync(folder, { recursive: true }));

const nowhere = '/nowhere/chromium';
const packaged = (path: string) => async () => ({ executablePath: async () => path });

describe('the search for a Chromium', () => {
  it('takes the named one first, then the system, then the package', async () => {
    const loadPackage = packaged('/unpacked/chromium');
    const found = await Promise.all([
      findChromium({ env: { CHROMIUM_PATH: runnable }, systemPath: runnable, loadPackage }),
      findChromium({ env: {}, systemPath: runnable, loadPackage }),
      findChromium({ env: { CHROMIUM_PATH: '' }, systemPath: nowhere, loadPackage }),
    ]);
    expect(found.map(({ source, executablePath }) => [source, executablePath])).toEqual([
      ['CHROMIUM_PATH', runnable],
      ['system', runnable],
      ['package', '/unpacked/chromium'],
    ]);
  });

  it('never passes over a path that somebody named and that does not work', async () => {
    const options = { systemPath: runnable };
    await expect(findChromium({ ...options, env: { CHROMIUM_PATH: nowhere } })).rejects.toThrow(
      `CHROMIUM_PATH is ${nowhere}, but does not exist.`,
    );
  });

  it('says what is missing and what to do when there is none', async () => {
    const loadPackage = () => Promise.reject(new Error('Cannot find package'));
    const search = findChromium({ env: {}, systemPath: nowhere, loadPackage });
    await expect(search).rejects.toThrow(/CHROMIUM_PATH is not set/);
    await expect(search).rejects.toThrow(/\/nowhere\/chromium does not exist/);
    await expect(search).rejects.toThrow(/Cannot find package/);
    await expect(search).rejects.toThrow(/apt-get install chromium/);
  });

  it('leaves the browser as safe as it is for users', async () => {
    const { launchOptions } = await findChromium({ env: {}, systemPath: runnable });
    expect(launchOptions.args.join(' ')).not.toMatch(UNSAFE);
    expect(launchOptions.args.includes('--no-sandbox')).toBe(process.getuid?.() === 0);
  });

  it('gives the libraries of the package to the browser, before those it was told of', async () => {
    const { launchOptions } = await findChromium({
      env: { LD_LIBRARY_PATH: '/own', HOME: '/somewhere' },
      systemPath: nowhere,
      loadPackage: packaged('/unpacked/chromium'),
    });
    expect(launchOptions.env['LD_LIBRARY_PATH']).toBe(`${join(tmpdir(), 'al2023', 'lib')}:/own`);
    expect(launchOptions.env['HOME']).toBe('/somewhere');
  });
});
