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

/** Everything that a bridge may use of npm, at work behind the guard: loaded, and reaching a host that is not listed in vain. */
const CARRIERS = `
import NodeClam from 'clamscan';
import { createTransport } from 'nodemailer';
import Telnyx from 'telnyx';
import twilio from 'twilio';

const refused = async (way) => {
  try {
    await way();
  } catch (error) {
    const words = JSON.stringify([error.code, error.cause?.code, error.cause?.cause?.code, String(error), String(error.cause)]);
    if (/ERR_OUTGOING_REFUSED|OutgoingRefused|not among the hosts/.test(words)) return;
    throw new Error('went another way: ' + words);
  }
  throw new Error('was not refused');
};
await refused(() => twilio('AC' + '0'.repeat(32), 'token').messages.create({ to: '+12025550143', body: 'a' }));
await refused(() => new Telnyx({ apiKey: 'k', maxRetries: 0 }).messages.send({ to: '+12025550143', text: 'a' }));
await refused(() => createTransport({ host: '127.0.0.1', port: 9, connectionTimeout: 2000 }).sendMail({ to: 'a@example.org' }));
const scanner = await new NodeClam().init({
  preference: 'clamdscan',
  clamscan: { active: false },
  clamdscan: { host: '127.0.0.1', port: 9, timeout: 1000, path: false, active: true, localFallback: false, bypassTest: true },
});
await refused(() => scanner.ping());
export const program = { name: 'carriers' };
`;

function writeProgram(name: string, code: string, street = 'programs'): string {
  const folder = join(root, street, name);
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
  programs.push(
    writeProgram('sdk', `import twilio from 'twilio'; export const program = { twilio };`),
    writeProgram('sdk-of-sdk', `import axios from 'axios'; export const program = { axios };`, 'bridges'),
    writeProgram('node-in-bridge', `import net from 'node:net'; export const program = { net };`, 'bridges'),
    writeProgram('carriers', CARRIERS, 'bridges'),
  );
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
    'program sdk': IN,
    'program sdk-of-sdk': IN,
    'program node-in-bridge': IN,
    'program carriers': 'went through',
    'program test': IN,
    'program package': IN,
  });
  expect(message.refused).toContain(`127.0.0.1:${port}`);
  expect(asked).toEqual([`localhost:${port}`, `127.0.0.2:${port}`]);
});
