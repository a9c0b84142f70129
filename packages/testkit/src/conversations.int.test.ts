import {
  type Conversation,
  type LiveSession,
  type OutgoingMessage,
  type TimelineMessage,
} from '@baton/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;
let maria: Device;
let james: Device;
let nina: Device;

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
      { name: 'Nina Patel', jobs: ['medical-assistant'] },
    ],
  });
  [maria, james, nina] = practice.people as [Device, Device, Device];
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

function text(words: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { text: words, files: [], mentions: [], replyTo: null, as: null, ...more };
}

function messagesOf(thread: Conversation): TimelineMessage[] {
  return thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
}

async function sees(session: LiveSession, id: Conversation['id'], words: string): Promise<Conversation> {
  await until(session.conversations.list, (rows) => rows.some((row) => row.id === id));
  const thread = await session.conversations.open(id);
  await until(thread.timeline, () => messagesOf(thread).some((message) => message.text === words));
  return thread;
}

describe('a group', () => {
  it('has a title, members, edits, withdrawals, reactions and quotes', async () => {
    const thread = await maria.session.conversations.startGroup({
      title: 'Ward 4',
      members: [james.account, nina.account],
    });
    const first = await thread.send(text('Potasium 5.9'));
    const forJames = await sees(james.session, thread.id, 'Potasium 5.9');
    expect(james.session.conversations.list.read().find(({ id }) => id === thread.id)).toMatchObject({
      title: 'Ward 4',
    });
    await thread.edit(first, 'Potassium 5.9');
    await until(forJames.timeline, () => messagesOf(forJames)[0]?.text === 'Potassium 5.9');
    expect(messagesOf(forJames)[0]).toMatchObject({ edits: [{ text: 'Potasium 5.9' }] });
    await forJames.react(first, 'got-it', true);
    await until(thread.timeline, () => messagesOf(thread)[0]?.reactions[0]?.people[0] === 'James Chen');
    expect(messagesOf(thread)[0]?.receipts.find(({ person }) => person.id === james.account)?.state).toBe(
      'acknowledged',
    );
    await forJames.send(text('On my way', { replyTo: first }));
    await until(thread.timeline, () => messagesOf(thread).length === 2);
    expect(messagesOf(thread)[1]?.quote).toMatchObject({
      id: first,
      author: 'Maria Lopez',
      text: 'Potassium 5.9',
    });
    await expect(forJames.withdraw(first, null)).rejects.toMatchObject({ code: 'policy.forbidden' });
    await thread.withdraw(first, 'wrong chart');
    await until(forJames.timeline, () => messagesOf(forJames)[0]?.withdrawn?.reason === 'wrong chart');
    expect(messagesOf(forJames)[0]).toMatchObject({ text: '', withdrawn: { by: 'Maria Lopez' } });
  });

  it('carries files that only members open', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    const bytes = new Uint8Array(200_000).map((_, index) => index % 251);
    const file = { name: 'wound.jpg', mime: 'image/jpeg', bytes, width: 640, height: 480 };
    await thread.send(text('Photo of the wound', { files: [file] }));
    const forJames = await sees(james.session, thread.id, 'Photo of the wound');
    const attachment = messagesOf(forJames).at(-1)?.attachments[0];
    expect(attachment).toMatchObject({ name: 'wound.jpg', mime: 'image/jpeg', sizeBytes: 200_000 });
    expect(Buffer.from(await forJames.readAttachment(attachment!)).equals(Buffer.from(bytes))).toBe(true);
    await expect(nina.session.conversations.open(thread.id)).rejects.toMatchObject({
      code: 'policy.not_a_member',
    });
  });

  it('lets a removed member read nothing that is written afterwards', async () => {
    const thread = await maria.session.conversations.startGroup({
      title: 'Discharge',
      members: [james.account, nina.account],
    });
    await thread.send(text('before'));
    const forNina = await sees(nina.session, thread.id, 'before');
    await thread.removeMember(nina.account);
    await thread.send(text('after'));
    await sees(james.session, thread.id, 'after');
    expect(messagesOf(forNina).map((message) => message.text)).toEqual(['before']);
    expect(nina.session.conversations.list.read().some(({ id }) => id === thread.id)).toBe(false);
    const gen = thread.readers.read().generation;
    expect(gen).toBe(2);
    expect(await nina.session.parts.generations.find(thread.id, gen)).toBeNull();
  });

  it('gives a new member the history, or only what follows', async () => {
    const thread = await maria.session.conversations.startGroup({
      title: 'Handover',
      members: [james.account],
    });
    await thread.send(text('told before'));
    await thread.addMembers([nina.account], { history: true });
    await sees(nina.session, thread.id, 'told before');
    const other = await maria.session.conversations.startGroup({ title: 'Audit', members: [james.account] });
    await other.send(text('not for Nina'));
    await other.addMembers([nina.account], { history: false });
    await other.send(text('for Nina'));
    const forNina = await sees(nina.session, other.id, 'for Nina');
    expect(messagesOf(forNina).map((message) => message.text)).toEqual(['for Nina']);
    expect(forNina.timeline.read().items.filter((item) => item.type === 'problem')).toEqual([]);
    expect(forNina.summary.read().title).toBe('Audit');
  });
});

describe('a second device', () => {
  it('sees the full history after signing in', async () => {
    const thread = await maria.session.conversations.startDirect(nina.account);
    for (let count = 1; count <= 90; count++) await thread.send(text(`note ${count}`));
    await until(thread.timeline, () => messagesOf(thread).every((message) => message.seq !== null), {
      withinMs: 30_000,
    });
    const second = await practice.addDevice(maria.link);
    await until(second.session.conversations.ready, (ready) => ready);
    const again = await sees(second.session, thread.id, 'note 90');
    expect(again.timeline.read().hasOlder).toBe(true);
    while (again.timeline.read().hasOlder) await again.loadOlder();
    expect(messagesOf(again).map((message) => message.text)).toEqual(
      Array.from({ length: 90 }, (_, index) => `note ${index + 1}`),
    );
    expect(second.session.alarms.read()).toEqual([]);
  }, 60_000);
});

describe('roles', () => {
  it('are read by whoever holds them, and by nobody who held them', async () => {
    const role = await practice.admin.session.people.defineRole({
      name: 'Front desk',
      unit: 'Harbor',
      use: 'team',
      holders: [nina.account],
    });
    await until(maria.session.directory.roles, (roles) => roles.some(({ id }) => id === role));
    await until(
      maria.session.directory.roles,
      (roles) => roles.find(({ id }) => id === role)?.holders.length === 2,
    );
    const thread = await maria.session.conversations.startWithRole(role);
    await thread.send(text('Please book Mr Hill'));
    const forNina = await sees(nina.session, thread.id, 'Please book Mr Hill');
    await forNina.send(text('Booked', { as: role }));
    await until(thread.timeline, () =>
      messagesOf(thread).some(({ as, text: words }) => as?.id === role && words === 'Booked'),
    );
    await practice.admin.session.people.addHolder(role, james.account);
    const forJames = await sees(james.session, thread.id, 'Booked');
    // Maria is no holder and has not looked at the keyring since: James is no stranger all the same.
    await forJames.send(text('I hold it now', { as: role }));
    await until(thread.timeline, () =>
      messagesOf(thread).some(({ text: words }) => words === 'I hold it now'),
    );
    await practice.admin.session.people.removeHolder(role, nina.account);
    await until(
      maria.session.directory.roles,
      (roles) => roles.find(({ id }) => id === role)?.holders.every(({ id }) => id !== nina.account) === true,
    );
    await thread.send(text('Not for Nina any more'));
    await sees(james.session, thread.id, 'Not for Nina any more');
    expect(messagesOf(forNina).some((message) => message.text === 'Not for Nina any more')).toBe(false);
    expect(
      thread.readers
        .read()
        .people.map(({ person }) => person.name)
        .sort(),
    ).toEqual(['Ada Manager', 'James Chen', 'Maria Lopez']);
  }, 30_000);
});

describe('nobody', () => {
  it('has seen an alarm in all of this', () => {
    for (const { session } of [practice.admin, maria, james, nina]) expect(session.alarms.read()).toEqual([]);
  });
});
