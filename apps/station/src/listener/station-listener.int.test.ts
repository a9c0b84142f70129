import { chmodSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Manifest } from '@baton/wire';
import { until } from '@baton/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentScene, createAgentScene, probe, statesOf } from '../agents/fixtures/agent-scene.ts';
import { digestProgram } from '../agents/program-folder.ts';
import { ProgramSettings } from '../settings/program-settings.ts';
import { BODY_LIMIT_BYTES, startStationListener, type StationListener } from './station-listener.ts';

const PROGRAM = { folder: join(import.meta.dirname, '..', 'agents', 'fixtures', 'programs', 'server') };

let scene: AgentScene;
let station: ReturnType<AgentScene['startStation']>;
let account: string;
let listener: StationListener;
let settings: ProgramSettings;

beforeAll(async () => {
  scene = await createAgentScene(['Ann Day']);
  const access: Manifest['access'] = [{ kind: 'collection', history: true, writes: ['put'] }];
  const agent = await scene.enrol({
    program: 'server',
    purposes: ['For a test'],
    access,
    duty: false,
    hosts: [],
    code: digestProgram(PROGRAM.folder),
    responsible: scene.practice.admin.account,
  });
  account = agent.account;
  await scene.practice.admin.session.collections.establishState(agent.account);
  settings = new ProgramSettings(join(scene.root, 'one'));
  settings.write('server', { word: 'first' });
  station = scene.startStation('one', { programs: () => PROGRAM, answerMs: 1500 });
  listener = await startStationListener({
    host: '127.0.0.1',
    port: 0,
    has: (program) => station.host.has(program),
    ask: (program, request) => station.host.ask(program, request),
  });
});

afterAll(async () => {
  await listener?.stop();
  await scene?.close();
});

interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port: listener.port,
        path,
        method,
        headers: { host: `localhost:${listener.port}`, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const stateIs = (state: string) =>
  until(statesOf(station.host), (states) => states[account] === state, {
    withinMs: 30_000,
    show: () => station.lines,
  });

it('says come again until the program is at work', async () => {
  const early = await ask('/server/hello');
  expect(early).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  await stateIs('acting');
});

it('hands a request over as it came, and passes on no header but a few', async () => {
  const body = Buffer.from([0, 255, 13, 10, 0xc3, 0x28]);
  const heard = await ask('/server/a%2Fb//c?x=%20&x=2', {
    method: 'POST',
    headers: { 'X-Twilio-Signature': 'abc=', origin: `http://localhost:${listener.port}` },
    body,
  });
  expect(JSON.parse(heard.text)).toMatchObject({
    method: 'POST',
    path: '/server/a%2Fb//c',
    query: 'x=%20&x=2',
    headers: { 'x-twilio-signature': 'abc=' },
    body: body.toString('hex'),
    isLocal: true,
    word: 'first',
  });
  expect(heard.headers).toMatchObject({
    'content-type': 'application/json',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  expect(heard.headers).not.toHaveProperty('set-cookie');
  expect(heard.headers).not.toHaveProperty('x-secret');
});

it('tells the program when a request is not from this machine by its own name', async () => {
  const local = async (headers: Record<string, string>): Promise<unknown> =>
    (JSON.parse((await ask('/server/x', { headers })).text) as { isLocal: unknown }).isLocal;
  expect(await local({})).toBe(true);
  expect(await local({ host: 'texts.practice.example' })).toBe(false);
  expect(await local({ 'x-forwarded-for': '203.0.113.5' })).toBe(false);
  expect(await local({ 'sec-fetch-site': 'cross-site' })).toBe(false);
});

it('knows no other programs, methods or sizes', async () => {
  expect((await ask('/')).status).toBe(404);
  expect((await ask('/sms/webhook')).status).toBe(404);
  expect((await ask('/../server')).status).toBe(404);
  expect((await ask('/server', { method: 'DELETE' })).status).toBe(405);
  const most = Buffer.alloc(BODY_LIMIT_BYTES, 7);
  expect((await ask('/server/x', { method: 'POST', body: most })).status).toBe(200);
  const declared = await ask('/server/x', {
    method: 'POST',
    headers: { 'content-length': '262145' },
    body: 'a',
  }).catch(() => ({ status: 413 }));
  expect(declared.status).toBe(413);
  const chunked = await ask('/server/x', {
    method: 'POST',
    headers: { 'transfer-encoding': 'chunked' },
    body: Buffer.concat([most, Buffer.from('a')]),
  }).catch(() => ({ status: 413 }));
  expect(chunked.status).toBe(413);
  expect((await ask(`/server/${'a'.repeat(9000)}`)).status).toBe(400);
});

it('answers 503 where the program is late, and says nothing of what it threw', async () => {
  expect((await ask('/server/late')).status).toBe(503);
  const thrown = await ask('/server/throw');
  expect(thrown).toMatchObject({ status: 500, text: '' });
  expect(station.lines.join('\n')).not.toContain('Jones');
  expect(station.lines.join('\n')).toContain('request failed: TypeError');
});

it('outlives whoever hangs up or talks nonsense', async () => {
  for (const words of [
    'GET /server HTTP/1.1\r\n',
    'nonsense\r\n\r\n',
    'POST /server/x HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nab',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(listener.port, '127.0.0.1', () => socket.end(words));
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
      socket.resume();
    });
  }
  expect((await ask('/server/x')).status).toBe(200);
});

it('gives browsers the files that were signed, without types, and keeps a drawer over a restart', async () => {
  const script = (await ask('/server/page.js')).text;
  expect(script).toContain('document.title = greeting');
  expect(script).not.toContain(': string');
  expect((await ask('/server/count')).text).toBe('1');
  process.kill(station.host.pid(account as never) as number, 'SIGKILL');
  await stateIs('restarting');
  await stateIs('acting');
  expect((await ask('/server/count')).text).toBe('2');
});

it('T23 starts the program anew with other settings, and never with ones that do not fit', async () => {
  const path = settings.path('server');
  settings.write('server', { word: 'second' });
  const word = async (): Promise<unknown> => {
    const heard = await ask('/server/x');
    return heard.status === 200 && (JSON.parse(heard.text) as { word: unknown }).word;
  };
  let known: unknown;
  const look = setInterval(() => void word().then((found) => (known = found)), 300);
  await until(
    probe(() => known),
    (found) => found === 'second',
    { withinMs: 20_000, show: () => station.lines },
  );
  clearInterval(look);
  expect(readFileSync(path, 'utf8')).toContain('second');

  settings.write('server', { without: 'a word' });
  await stateIs('wrong-settings');
  expect((await ask('/server/x')).status).toBe(503);
  expect(station.lines.join('\n')).toContain('settings at word');

  settings.write('server', { word: 'third' });
  await stateIs('acting');
  chmodSync(path, 0o644);
  await stateIs('wrong-settings');
  expect(station.lines.join('\n')).toContain('can be read by others');
  expect((await ask('/server/x')).status).toBe(503);
}, 90_000);
