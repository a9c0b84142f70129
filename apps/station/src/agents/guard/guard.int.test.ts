import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CODE_FOLDERS } from '../program-folder.ts';

const PROBE = join(import.meta.dirname, '..', 'fixtures', 'outgoing-probe.ts');
const root = mkdtempSync(join(tmpdir(), 'baton-guard-'));
const other = join(root, 'other');
let server: Server;
let asked: string[] = [];

beforeAll(async () => {
  mkdirSync(other);
  writeFileSync(join(other, 'storage.key'), 'secret of another');
  server = createServer((request, response) => {
    asked.push(`${request.headers.host}`);
    response.end('here');
  }).listen(0);
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

function writeProgram(name: string, code: string): string {
  const folder = join(root, 'programs', name);
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'src', 'index.ts'), code);
  return folder;
}

it('lets an agent reach the server and listed hosts, by no way anything else', async () => {
  const { port } = server.address() as AddressInfo;
  const programs = [
    writeProgram(
      'good',
      `import { equalBytes } from '@baton/kernel'; export const program = { name: 'good', equalBytes };`,
    ),
    writeProgram('node', `import { readFileSync } from 'node:fs'; export const program = { readFileSync };`),
    writeProgram('bare', `import net from 'net'; export const program = { net };`),
    writeProgram('late', `export const program = await import('node:net');`),
    writeProgram(
      'deep',
      `import { LiveSession } from '@baton/client'; export const program = { LiveSession };`,
    ),
    writeProgram(
      'outside',
      `import * as good from '../../good/src/index.ts'; export const program = { good };`,
    ),
  ];
  for (const unsigned of ['src/later.test.ts', 'node_modules/later.ts']) {
    const name = unsigned.startsWith('src') ? 'test' : 'package';
    const folder = writeProgram(
      name,
      `import { later } from '../${unsigned}'; export const program = { later };`,
    );
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    writeFileSync(join(folder, unsigned), 'export const later = 1;');
    programs.push(folder);
  }
  asked = [];
  const child = fork(PROBE, [String(port), other, programs.join(',')], {
    execArgv: [
      '--permission',
      ...[...CODE_FOLDERS, ...programs].map((path) => `--allow-fs-read=${path}`),
      '--disable-warning=SecurityWarning',
    ],
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ended = once(child, 'exit').then(() => [{ results: { crashed: words } }]);
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [
    { readonly results: Record<string, string>; readonly refused: readonly string[] },
  ];
  const OUT = 'ERR_OUTGOING_REFUSED';
  const IN = 'ERR_IMPORT_REFUSED';
  expect(message.results).toEqual({
    server: 'went through',
    listed: 'went through',
    fetch: OUT,
    'fetch name': OUT,
    net: OUT,
    'net other port': OUT,
    tls: OUT,
    http: OUT,
    'local socket': OUT,
    dns: OUT,
    'dns promise': OUT,
    'dns resolver': OUT,
    lookup: OUT,
    datagram: OUT,
    listen: OUT,
    handle: OUT,
    undo: expect.stringContaining('TypeError') as string,
    'more hosts': OUT,
    binding: IN,
    builtin: IN,
    kill: IN,
    spawn: 'ERR_ACCESS_DENIED',
    thread: 'ERR_ACCESS_DENIED',
    read: 'ERR_ACCESS_DENIED',
    write: 'ERR_ACCESS_DENIED',
    'program good': 'went through',
    'program node': IN,
    'program bare': IN,
    'program late': IN,
    'program deep': IN,
    'program outside': IN,
    'program test': IN,
    'program package': IN,
  });
  expect(message.refused).toContain(`127.0.0.1:${port}`);
  expect(asked).toEqual([`localhost:${port}`, `127.0.0.2:${port}`]);
});
