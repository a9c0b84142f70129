import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createNodeDoor } from '@baton/client-node';
import type { Manifest } from '@baton/wire';
import { until } from '@baton/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dutyManifest } from './duty-manifest.ts';
import { type AgentScene, createAgentScene, probe, statesOf, textsOf } from './fixtures/agent-scene.ts';
import { digestProgram } from './program-folder.ts';

const PROGRAMS = join(import.meta.dirname, 'fixtures', 'programs');
const folderOf = (name: string) => ({ folder: join(PROGRAMS, name) });

let scene: AgentScene;

beforeAll(async () => {
  scene = await createAgentScene(['Ann Day']);
});

afterAll(() => scene?.close());

function manifestOf(program: string, own: Partial<Manifest> = {}) {
  return {
    program,
    purposes: ['For a test'],
    access: [{ kind: 'collection', history: true, writes: ['put'] }] as Manifest['access'],
    duty: false,
    hosts: [],
    code: digestProgram(folderOf(program).folder),
    responsible: scene.practice.admin.account,
    ...own,
  };
}

const letIn = (agent: Parameters<typeof scene.practice.admin.session.collections.establishState>[0]) =>
  scene.practice.admin.session.collections.establishState(agent);

it('lets one of two stations act, and after kill -9 the other goes on with the same timers', async () => {
  const agent = await scene.enrol(manifestOf('ticker'), 'left');
  scene.copy(agent, 'right');
  expect(statSync(agent.folder).mode & 0o777).toBe(0o700);
  const dead = new Set<string>();
  const stations = ['left', 'right'].map((name) => ({
    name,
    ...scene.startStation(name, { programs: (program) => (dead.has(name) ? null : folderOf(program)) }),
  }));
  const lines = () => stations.map((station) => [station.name, station.lines]);
  const statesNow = () => stations.map(({ host }) => statesOf(host).read()[agent.account]);
  // Both wait to be let in before either may act: what is timed from then on does not hang on how long a process takes to start.
  await until(probe(statesNow), (states) => states.every((state) => state === 'waiting'), {
    withinMs: 90_000,
    show: lines,
  });
  const both = ['acting', 'standing-by'] as const;
  await letIn(agent.account);
  await until(probe(statesNow), (states) => both.every((state) => states.includes(state)), {
    withinMs: 60_000,
    show: lines,
  });
  const first = stations[statesNow().indexOf('acting')];
  const second = stations.find((station) => station !== first);
  if (!first || !second) throw new Error('nobody acts');
  const count = (of: readonly string[], what: string): number =>
    of.filter((line) => line.endsWith(what)).length;
  await until(
    probe(() => [count(first.lines, ': once.set ok'), count(first.lines, ': tick ok')] as const),
    ([set, ticks]) => set === 1 && ticks > 0,
    { show: lines },
  );

  // Without a word: no message, no lease given back, and nobody to start it again.
  dead.add(first.name);
  process.kill(first.host.pid(agent.account) as number, 'SIGKILL');
  expect(count(second.lines, ': tick ok')).toBe(0);
  expect(count(first.lines, ': once ok')).toBe(0);
  await until(statesOf(second.host), (states) => states[agent.account] === 'acting', {
    withinMs: 90_000,
    show: lines,
  });
  await until(
    probe(() => count(second.lines, ': tick ok')),
    (n) => n > 2,
    { show: lines },
  );
  await until(
    probe(() => count(second.lines, ': once ok')),
    (n) => n === 1,
    { withinMs: 60_000, show: lines },
  );
  // Ticks come after it: it would have been due again with them.
  const ticks = count(second.lines, ': tick ok');
  await until(
    probe(() => count(second.lines, ': tick ok')),
    (n) => n > ticks + 3,
    { show: lines },
  );
  expect(count([...first.lines, ...second.lines], ': once ok')).toBe(1);
  await second.host.stop();
}, 240_000);

it('goes on with an agent whose process was killed, and lets no crash disturb another', async () => {
  const [ticker, crasher] = [
    await scene.enrol(manifestOf('ticker'), 'busy'),
    await scene.enrol(manifestOf('crasher'), 'busy'),
  ];
  await letIn(ticker.account);
  await letIn(crasher.account);
  const { host, lines } = scene.startStation('busy', { programs: folderOf });
  await until(statesOf(host), (states) => states[ticker.account] === 'acting', {
    withinMs: 60_000,
    show: () => lines,
  });
  const pid = host.pid(ticker.account);
  const crashes = () => host.health().find(({ account }) => account === crasher.account)?.crashes ?? 0;
  await until(probe(crashes), (n) => n >= 2, { withinMs: 60_000, show: () => lines });
  expect(host.pid(ticker.account)).toBe(pid);
  expect(host.health().find(({ account }) => account === ticker.account)).toMatchObject({
    state: 'acting',
    crashes: 0,
  });
  expect(lines.some((line) => line.includes('crashed: TypeError'))).toBe(true);
  expect(lines.join('\n')).not.toContain('Jones');

  const before = lines.filter((line) => line.endsWith(': tick ok')).length;
  process.kill(pid as number, 'SIGKILL');
  // The same station holds the lease still: its next process acts at once.
  await until(
    probe(() => lines.filter((line) => line.endsWith(': tick ok')).length),
    (n) => n > before + 2,
    {
      withinMs: 60_000,
      show: () => lines,
    },
  );
  await host.stop();
}, 180_000);

it('starts an agent again that spins and says nothing any more', async () => {
  const agent = await scene.enrol(manifestOf('spinner'), 'spinning');
  await letIn(agent.account);
  const { host, lines } = scene.startStation('spinning', { programs: folderOf, silentMs: 20_000 });
  const crashes = () => host.health().find(({ account }) => account === agent.account)?.crashes ?? 0;
  await until(probe(crashes), (n) => n >= 1, { withinMs: 120_000, show: () => lines });
  expect(lines.some((line) => line.endsWith('gives no sign of life'))).toBe(true);
  await until(
    probe(() => lines.filter((line) => line.endsWith(': acting')).length),
    (n) => n >= 2,
    { withinMs: 120_000, show: () => lines },
  );
  await host.stop();
}, 300_000);

it('reaches hosts of the manifest and no others, also past the runtime', async () => {
  const asked: string[] = [];
  const listen = async (name: string): Promise<{ url: string; host: string; close(): void }> => {
    const server = createServer((_request, response) => {
      asked.push(name);
      response.end('here');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url: `http://${host}/`, host, close: () => server.close() };
  };
  const [listed, other] = [await listen('listed'), await listen('other')];
  const agent = await scene.enrol(
    manifestOf('reacher', { hosts: [listed.host], purposes: [listed.url, other.url] }),
    'reaching',
  );
  await letIn(agent.account);
  const { host, lines } = scene.startStation('reaching', { programs: folderOf });
  await until(
    probe(() => lines),
    (all) => all.some((line) => line.endsWith(': done ok')),
    { withinMs: 60_000, show: () => lines },
  );
  const outcomes = lines.flatMap((line) => /: ([a-z.-]+ (?:ok|refused))$/.exec(line)?.[1] ?? []);
  expect(outcomes).toEqual([
    'listed ok',
    'other refused',
    'past-runtime.listed ok',
    'past-runtime.other refused',
    'socket.other refused',
    'module.net refused',
    'done ok',
  ]);
  expect(asked).toEqual(['listed', 'listed']);
  await host.stop();
  listed.close();
  other.close();
}, 120_000);

it('runs no program whose code is not what was signed', async () => {
  const agent = await scene.enrol(manifestOf('ticker', { code: new Uint8Array(32) }), 'wrong');
  await letIn(agent.account);
  const { host, lines } = scene.startStation('wrong', { programs: folderOf });
  await until(statesOf(host), (states) => states[agent.account] === 'wrong-code', {
    withinMs: 60_000,
    show: () => lines,
  });
  expect(lines.some((line) => line.endsWith(': tick ok'))).toBe(false);
  // The organisation signs what is there: the station takes it up when it looks again.
  await host.stop();
  await scene.confirm();
  await scene.practice.admin.session.agents.changeManifest(agent.account, manifestOf('ticker'));
  const again = scene.startStation('wrong', { programs: folderOf });
  await until(statesOf(again.host), (states) => states[agent.account] === 'acting', {
    withinMs: 60_000,
    show: () => again.lines,
  });
  await again.host.stop();
}, 150_000);

it('is let into nothing outside its manifest', async () => {
  const { admin, people } = scene.practice;
  const agent = await scene.enrol(dutyManifest(admin.account), 'narrow');
  const others = people.map(({ account }) => account);
  const group = await admin.session.conversations.startGroup({ title: 'Ward', members: others });
  await expect(admin.session.agents.admit(agent.account, group.id, { history: false })).rejects.toMatchObject(
    {
      code: 'policy.manifest',
    },
  );
  const reader = await scene.enrol(
    manifestOf('reader', {
      access: [
        { kind: 'collection', history: true, writes: ['put'] },
        { kind: 'group', history: false, writes: [] },
      ],
    }),
    'narrow',
  );
  await expect(admin.session.agents.admit(reader.account, group.id, { history: true })).rejects.toMatchObject(
    {
      code: 'policy.manifest',
      at: 'op.hist',
    },
  );
  await scene.confirm();
  const role = await admin.session.people.defineRole({ name: 'Desk', unit: null, use: 'duty', holders: [] });
  await expect(admin.session.agents.keepRole(reader.account, role, true)).rejects.toMatchObject({
    code: 'policy.manifest',
  });
});

it('reads nothing further once it is taken out, and says so when it is ended', async () => {
  const { admin, people } = scene.practice;
  const agent = await scene.enrol(
    manifestOf('reader', {
      access: [
        { kind: 'collection', history: true, writes: ['put'] },
        { kind: 'group', history: false, writes: [] },
      ],
    }),
    'reading',
  );
  const others = people.map(({ account }) => account);
  const group = await admin.session.conversations.startGroup({ title: 'Round', members: others });
  const say = (text: string) => group.send({ text, files: [], mentions: [], replyTo: null, as: null });
  const early = await say('before it came');
  await admin.session.agents.admit(agent.account, group.id, { history: false });
  const elsewhere = await admin.session.conversations.startGroup({ title: 'Desk', members: others });
  await admin.session.agents.admit(agent.account, elsewhere.id, { history: false });
  const { host, lines } = scene.startStation('reading', { programs: folderOf });
  await until(statesOf(host), (states) => states[agent.account] === 'acting', {
    withinMs: 60_000,
    show: () => lines,
  });
  const shown = await say('for the assistant too');
  await until(
    probe(() => lines.join('\n')),
    (all) => all.includes(`message.seen ok ${shown}`),
    { show: () => lines },
  );
  expect(lines.some((line) => line.endsWith(`send refused ${group.id}`))).toBe(true);
  expect(lines.join('\n')).not.toContain(early);

  await admin.session.agents.revoke(agent.account, group.id);
  const hidden = await say('without the assistant');
  await until(group.timeline, () => textsOf(group).includes('without the assistant'));
  // What is written after it, where the assistant still is, it has read.
  const later = { text: 'still here', files: [], mentions: [], replyTo: null, as: null };
  const read = await elsewhere.send(later);
  await until(
    probe(() => lines.join('\n')),
    (all) => all.includes(`message.seen ok ${read}`),
    { withinMs: 60_000, show: () => lines },
  );
  expect(lines.join('\n')).not.toContain(hidden);
  await host.stop();

  // Its keys, asked directly: neither rows nor the server give it more.
  const door = await createNodeDoor({
    serverUrl: scene.server.url,
    dataDir: agent.folder,
    deviceClass: 'agent',
    deviceLabel: 'Test',
  });
  const session = await door.resumeAgent();
  await until(session?.conversations.ready ?? probe(() => false), (ready) => ready);
  expect(session?.conversations.list.read().map(({ id }) => id)).not.toContain(group.id);
  const thread = await session?.conversations.open(group.id).catch(() => null);
  expect(thread ? textsOf(thread) : []).not.toContain('without the assistant');
  await session?.close();

  const again = scene.startStation('reading', { programs: folderOf });
  await until(statesOf(again.host), (states) => states[agent.account] === 'acting', {
    withinMs: 60_000,
    show: () => again.lines,
  });
  await scene.confirm();
  await admin.session.agents.end(agent.account);
  await until(statesOf(again.host), (states) => states[agent.account] === 'ended', {
    withinMs: 60_000,
    show: () => again.lines,
  });
  await expect(door.resumeAgent()).rejects.toMatchObject({
    code: expect.stringMatching(/^auth\./) as string,
  });
}, 120_000);
