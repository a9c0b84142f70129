import type { Conversation, LiveSession, TimelineMessage } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import type { AccountId } from '@baton/kernel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;
let maria: Device;
let folder: string;
let agent: LiveSession;
let account: AccountId;

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, { people: [{ name: 'Maria Lopez', jobs: ['nurse'] }] });
  [maria] = practice.people as [Device];
  folder = mkdtempSync(join(tmpdir(), 'baton-agent-'));
}, 60_000);

afterAll(async () => {
  await agent?.close();
  await practice?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const text = (words: string) => ({ text: words, files: [], mentions: [], replyTo: null, as: null });
const messagesOf = (thread: Conversation): TimelineMessage[] =>
  thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
const manifest = (kinds: readonly ('group' | 'keyring')[], history: boolean) => ({
  program: 'duty',
  purposes: ['Keeps the schedule'],
  access: kinds.map((kind) => ({ kind, history, writes: [] })),
  duty: kinds.includes('keyring'),
  hosts: [],
  code: new Uint8Array(32).fill(7),
  responsible: practice.admin.account,
});

describe('an agent', () => {
  it('joins by an invitation that names its manifest, which everybody can look up', async () => {
    const { link } = await practice.admin.session.agents.invite({
      name: 'Duty assistant',
      manifest: manifest(['group'], false),
    });
    const door = await createNodeDoor({
      serverUrl: server.url,
      publicUrl: server.url,
      dataDir: folder,
      deviceClass: 'agent',
      durable: false,
    });
    agent = await door.claim(link.slice(link.indexOf('#') + 1), [{ kind: 'device', label: 'Station' }]);
    account = agent.me.read().account;
    const rows = await until(maria.session.agents.rows, (all) => all.some((row) => row.manifest !== null));
    expect(rows).toMatchObject([
      { agent: { id: account, kind: 'agent' }, responsible: { name: 'Ada Manager' }, serves: [], roles: [] },
    ]);
  });

  it('gets no keys beyond its manifest', async () => {
    const thread = await maria.session.conversations.startGroup({ title: 'Ward', members: [] });
    await expect(maria.session.agents.admit(account, thread.id, { history: true })).rejects.toMatchObject({
      code: 'policy.manifest',
    });
    const direct = await maria.session.conversations.startDirect(practice.admin.account);
    await expect(maria.session.agents.admit(account, direct.id, { history: false })).rejects.toBeDefined();
  });

  it('is named in every conversation that it reads with who answers for it, and reads nothing after it is revoked', async () => {
    const thread = await maria.session.conversations.startGroup({ title: 'Board', members: [] });
    await thread.send(text('before'));
    await maria.session.agents.admit(account, thread.id, { history: false });
    await thread.send(text('with the assistant'));
    await until(agent.conversations.list, (rows) => rows.some(({ id }) => id === thread.id));
    const forAgent = await agent.conversations.open(thread.id);
    await until(forAgent.timeline, () => messagesOf(forAgent).length === 1);
    expect(messagesOf(forAgent).map((message) => message.text)).toEqual(['with the assistant']);
    expect(thread.readers.read()).toMatchObject({
      sentence: { people: 1, agents: 1 },
      agents: [{ id: account, since: expect.any(Number) as number }],
    });
    // Its manifest lists nothing that it may write here; the server says so before anybody has to.
    await forAgent.send(text('beyond its manifest'));
    await until(forAgent.timeline, () => messagesOf(forAgent).at(-1)?.state === 'failed');
    expect(messagesOf(forAgent).at(-1)?.failure).toMatchObject({ code: 'policy.manifest' });
    expect(messagesOf(thread).map((message) => message.text)).not.toContain('beyond its manifest');
    const events = () => thread.timeline.read().items.filter((item) => item.type === 'event');
    await until(thread.timeline, () => events().some(({ what }) => what === 'agent-added'));
    expect(events().find(({ what }) => what === 'agent-added')).toMatchObject({
      members: [{ id: account }],
      detail: 'Ada Manager',
    });
    await until(maria.session.agents.rows, ([row]) => row?.serves.length === 1);
    expect(maria.session.agents.rows.read()[0]?.serves).toEqual([
      { conversation: thread.id, title: 'Board', history: false },
    ]);
    await maria.session.agents.revoke(account, thread.id);
    await thread.send(text('without it'));
    await until(thread.timeline, () => messagesOf(thread).every(({ seq }) => seq !== null));
    expect(events().some(({ what }) => what === 'agent-removed')).toBe(true);
    expect(
      messagesOf(forAgent)
        .filter(({ mine }) => !mine)
        .map((message) => message.text),
    ).toEqual(['with the assistant']);
    const gen = thread.readers.read().generation;
    expect(await agent.parts.generations.find(thread.id, gen)).toBeNull();
  });

  it('gets another manifest by a visible grant, keeps a role by it, and ends everywhere at once', async () => {
    const { agents, people, directory } = practice.admin.session;
    const role = await people.defineRole({ name: 'On call', unit: null, use: 'duty', holders: [] });
    await agents.changeManifest(account, manifest(['group', 'keyring'], true));
    await agents.keepRole(account, role, true);
    await until(agents.rows, ([row]) => row?.roles[0]?.id === role);
    expect(agents.rows.read()[0]).toMatchObject({ manifest: { version: 2, duty: true } });
    await agents.end(account);
    await until(directory.people, (all) => all.some(({ id, active }) => id === account && !active));
    await until(agents.rows, ([row]) => row?.roles.length === 0);
    await until(agent.connection, ({ state }) => state === 'ended');
    const seen = await agents.activity(account);
    expect(seen.events.length).toBeGreaterThan(0);
  });
});
