import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { hostsFor, readSmsSettings } from '@baton/bridge-sms';
import type { AccountId } from '@baton/kernel';
import { until } from '@baton/testkit';
import type { Manifest } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentScene, createAgentScene, statesOf } from '../agents/fixtures/agent-scene.ts';
import { digestProgram, findProgram } from '../agents/program-folder.ts';
import { ProgramSettings } from '../settings/program-settings.ts';
import { startStationListener, type StationListener } from './station-listener.ts';

// The texting assistant in its own process behind the guard, with the carriers' real SDKs, before anybody has let it in anywhere.

const TOKEN = 'fedcba9876543210fedcba9876543210';
const TWILIO = {
  carrier: {
    name: 'twilio',
    account: `AC${'0123456789abcdef'.repeat(2)}`,
    authToken: TOKEN,
    number: '+12025550100',
    publicUrl: 'https://texts.practice.example',
  },
};
const CANARY = 'Canary: my left knee hurts';

let scene: AgentScene;
let station: ReturnType<AgentScene['startStation']>;
let account: AccountId;
let listener: StationListener;
let settings: ProgramSettings;

beforeAll(async () => {
  scene = await createAgentScene(['Ann Day']);
  const read = readSmsSettings(TWILIO);
  const program = findProgram('sms');
  if (!read.ok || program === null) throw new Error('no texting assistant');
  const access: Manifest['access'] = [{ kind: 'collection', history: true, writes: ['put'] }];
  const agent = await scene.enrol({
    program: 'sms',
    purposes: ['Texts'],
    access,
    duty: false,
    hosts: [...hostsFor(read.value)],
    code: digestProgram(program.folder),
    responsible: scene.practice.admin.account,
  });
  account = agent.account;
  await scene.practice.admin.session.collections.establishState(account);
  settings = new ProgramSettings(join(scene.root, 'one'));
  station = scene.startStation('one');
  listener = await startStationListener({
    host: '127.0.0.1',
    port: 0,
    has: (name) => station.host.has(name),
    ask: (name, request) => station.host.ask(name, request),
  });
  await stateIs('acting');
});

afterAll(async () => {
  await listener?.stop();
  await scene?.close();
});

const stateIs = (state: string) =>
  until(statesOf(station.host), (states) => states[account] === state, {
    withinMs: 40_000,
    show: () => station.lines,
  });

function ask(path: string, sent: { body?: string; headers?: Record<string, string> } = {}) {
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const own = `localhost:${listener.port}`;
    const { body, headers = {} } = sent;
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: listener.port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { host: own, origin: `http://${own}`, ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const json = { 'content-type': 'application/json' };

function webhook(token = TOKEN) {
  const fields: Record<string, string> = {
    MessageSid: `SM${'a1'.repeat(16)}`,
    SmsStatus: 'received',
    AccountSid: TWILIO.carrier.account,
    From: '+12025550143',
    To: '+12025550100',
    Body: CANARY,
    NumMedia: '0',
    NumSegments: '1',
  };
  const data = Object.keys(fields)
    .sort()
    .reduce((text, name) => text + name + fields[name], 'https://texts.practice.example/sms/webhook');
  return ask('/sms/webhook', {
    body: new URLSearchParams(fields).toString(),
    headers: {
      host: 'texts.practice.example',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': createHmac('sha1', token).update(data).digest('base64'),
    },
  });
}

it('shows the simulated phones where no carrier is set up, and keeps them sealed over kill -9', async () => {
  expect(await ask('/sms/phones')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
  const script = await ask('/sms/phones/phones.js');
  expect(script).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' });
  expect(script.text).not.toContain('interface ');
  const wish = { number: '+12025550143', text: CANARY, media: [] };
  expect((await ask('/sms/phones/texts', { body: JSON.stringify(wish), headers: json })).status).toBe(200);
  process.kill(station.host.pid(account) as number, 'SIGKILL');
  await stateIs('restarting');
  await stateIs('acting');
  expect((await ask('/sms/phones/state')).text).toContain(CANARY);
  const folder = join(scene.root, 'one');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name)).includes(CANARY)).toBe(false);
  expect(station.lines.join('\n')).not.toContain('Canary');
  expect((await ask('/sms/webhook', { body: '{}', headers: json })).status).toBe(404);
}, 90_000);

it('T23 believes a carrier only with its secret, and thanks it for nothing that is not committed', async () => {
  settings.write('sms', TWILIO);
  await until(
    { read: () => station.lines.join('\n'), subscribe: () => () => {} },
    (text) => text.includes('settings changed'),
    {
      withinMs: 20_000,
    },
  );
  await stateIs('acting');
  expect((await ask('/sms/phones')).status).toBe(404);
  expect((await webhook('another token of this length')).status).toBe(403);
  expect((await ask('/sms/webhook', { body: 'Body=STOP', headers: json })).status).toBe(403);
  for (let times = 0; times < 2; times += 1) expect((await webhook()).status).toBe(503);

  const { authToken: _left, ...half } = TWILIO.carrier;
  settings.write('sms', { carrier: half });
  await stateIs('wrong-settings');
  expect((await webhook('')).status).toBe(503);
  expect((await ask('/sms/phones')).status).toBe(503);
  expect(station.lines.join('\n')).toContain('settings at carrier.authToken');
  expect(station.lines.join('\n')).not.toContain(TOKEN);
}, 120_000);
