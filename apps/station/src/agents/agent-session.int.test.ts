import { type AgentConversation, type AgentSession, ownManifest, restrictSession } from '@baton/agent';
import type { Conversation, LiveSession, TimelineMessage } from '@baton/client';
import { createNodeDoor, nodeRng, nodeTimers } from '@baton/client-node';
import { newId } from '@baton/kernel';
import { type Device, until } from '@baton/testkit';
import type { Manifest } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentScene, createAgentScene, probe } from './fixtures/agent-scene.ts';

const MINUTE = 60_000;
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const file = { name: 'photo.jpg', mime: 'image/jpeg', width: null, height: null };

let scene: AgentScene;
let ann: Device;
let live: LiveSession;
let session: AgentSession;
let thread: AgentConversation;
let group: Conversation;

beforeAll(async () => {
  scene = await createAgentScene(['Ann Day']);
  const { admin, people } = scene.practice;
  ann = people[0] as Device;
  const access: Manifest['access'] = [
    { kind: 'collection', history: true, writes: ['put'] },
    { kind: 'group', history: false, writes: ['message'] },
  ];
  const agent = await scene.enrol({
    program: 'reader',
    purposes: ['For a test'],
    access,
    duty: false,
    hosts: [],
    code: new Uint8Array(32),
    responsible: admin.account,
  });
  group = await admin.session.conversations.startGroup({ title: 'Round', members: [ann.account] });
  await admin.session.agents.admit(agent.account, group.id, { history: false });
  const door = await createNodeDoor({
    serverUrl: scene.server.url,
    dataDir: agent.folder,
    deviceClass: 'agent',
    deviceLabel: 'Test',
  });
  live = (await door.resumeAgent()) as LiveSession;
  await until(live.conversations.list, (all) => all.some(({ id }) => id === group.id));
  await until(
    probe(() => ownManifest(live)),
    (manifest) => manifest !== null,
  );
  session = restrictSession(live, ownManifest(live) as Manifest, nodeTimers);
  thread = await session.conversations.open(group.id);
});

afterAll(async () => {
  await live?.close();
  await scene?.close();
});

const messagesOf = (shown: Pick<Conversation, 'timeline'>): TimelineMessage[] =>
  shown.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
const plain = (text: string) => ({ text, files: [], mentions: [], replyTo: null });

it('asks as staff do: the ladder can read it, and it is one message however often it is asked', async () => {
  const id = newId('message', nodeRng);
  const ask = {
    contract: 'stat' as const,
    to: [ann.account],
    withinMs: 5 * MINUTE,
    callback: '+1 202 555 0100',
    patient: 'Hill, Rosa',
  };
  const marks = { flags: [{ rule: 'chest.pain', version: '1' }] };
  const wish = { ...plain('Chest pain, written by phone'), id, marks };
  expect(await thread.ask(wish, ask)).toBe(id);
  expect(await thread.ask(wish, ask)).toBe(id);
  await thread.committed(id);
  await thread.committed(id);
  expect(await thread.ask(wish, ask)).toBe(id);
  await until(ann.session.batons.owe, (all) =>
    all.some(({ text }) => text === 'Chest pain, written by phone'),
  );
  const [owed] = ann.session.batons.owe.read();
  expect(owed).toMatchObject({ contract: 'stat', message: id, conversation: group.id });
  await until(
    ann.session.batons.owe,
    () => ann.session.batons.get(owed?.id as never)?.patient === 'Hill, Rosa',
  );
  const shown = await ann.session.conversations.open(group.id);
  await until(shown.timeline, () => messagesOf(shown).length > 0);
  expect(messagesOf(shown).filter(({ text }) => text.startsWith('Chest pain'))).toHaveLength(1);
  expect(messagesOf(shown)[0]).toMatchObject({
    flags: marks.flags,
    ladderReaders: [{ name: 'Ann Day' }, { name: 'Duty supervisor' }],
  });
});

it('knows who has opened what, by their own signature', async () => {
  const id = await thread.send(plain('Open me'));
  await thread.committed(id);
  const find = () => messagesOf(thread).find((message) => message.id === id);
  await until(thread.timeline, () => (find()?.seq ?? null) !== null);
  const message = find() as TimelineMessage;
  expect(thread.isOpenedBy(message, [ann.account])).toBe(false);
  const shown = await ann.session.conversations.open(group.id);
  await until(shown.timeline, () => messagesOf(shown).some((item) => item.id === id));
  shown.markOpened(message.seq as number);
  await until(
    probe(() => thread.isOpenedBy(message, [ann.account])),
    (opened) => opened,
    { withinMs: 15_000 },
  );
  expect(thread.openedBy()).toMatchObject([{ account: ann.account, seq: message.seq }]);
  expect(thread.isOpenedBy(message, [scene.practice.admin.account])).toBe(false);
});

it('reads files and sends them', async () => {
  const shown = await ann.session.conversations.open(group.id);
  await shown.send({ ...plain('Look'), as: null, files: [{ ...file, bytes: JPEG }] });
  await until(thread.timeline, () => messagesOf(thread).some(({ attachments }) => attachments.length > 0));
  const [theirs] = messagesOf(thread).flatMap(({ attachments }) => attachments);
  expect(theirs && new Uint8Array(await thread.readAttachment(theirs))).toEqual(JPEG);
  const id = await thread.send({ ...plain('Back'), files: [{ ...file, bytes: JPEG }] });
  await thread.committed(id);
  await until(shown.timeline, () => messagesOf(shown).some((message) => message.id === id));
  const [mine] = messagesOf(shown).find((message) => message.id === id)?.attachments ?? [];
  expect(mine && new Uint8Array(await shown.readAttachment(mine))).toEqual(JPEG);
});

it('writes nothing that the manifest does not list, and opens no collection that it is not in', async () => {
  const report = {
    t: 'delivery' as const,
    mode: 'link' as const,
    state: 'sent' as const,
    segments: 1,
    code: null,
  };
  const target = newId('message', nodeRng);
  await expect(thread.post({ ...report, target })).rejects.toMatchObject({
    code: 'manifest',
    at: 'group.delivery',
  });
  await expect(thread.react(target, 'thanks', true)).rejects.toMatchObject({ code: 'manifest' });
  await expect(thread.edit(target, 'x')).rejects.toMatchObject({ code: 'manifest' });
  await expect(thread.committed(target)).rejects.toMatchObject({ code: 'refused' });
  expect(await session.collections.named('texting')).toBeNull();
  const bare = restrictSession(live, { ...(ownManifest(live) as Manifest), access: [] }, nodeTimers);
  await expect(bare.collections.named('desk')).rejects.toMatchObject({ code: 'manifest' });
  expect(bare.conversations.list()).toEqual([]);
});
