import type { Baton, Conversation, LiveSession, OutgoingMessage, TimelineMessage } from '@baton/client';
import type { AccountId, OwnerId, RoleId } from '@baton/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSteppedClock } from './chance/stepped-clock.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

const MINUTE = 60_000;

const clock = createSteppedClock();
let server: TestServer;
let practice: Practice;
let maria: Device;
let james: Device;
let nina: Device;
let otto: Device;

beforeAll(async () => {
  server = await startTestServer({ clock });
  practice = await createPractice(server, {
    platform: { clock },
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
      { name: 'Nina Patel', jobs: ['physician'] },
      { name: 'Otto Berg', jobs: ['charge-nurse'] },
    ],
  });
  [maria, james, nina, otto] = practice.people as [Device, Device, Device, Device];
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

function asking(
  words: string,
  ask: { contract: 'reply' | 'talk' | 'stat'; to: readonly OwnerId[]; withinMs?: number },
): OutgoingMessage {
  const withinMs = ask.withinMs ?? 60 * MINUTE;
  return {
    text: words,
    files: [],
    mentions: [],
    replyTo: null,
    as: null,
    ask: { ...ask, withinMs, callback: '+1 555 0100', patient: 'Hill, Rosa' },
  };
}

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

type List = 'owe' | 'waiting' | 'escalated' | 'ended';

async function finds(
  device: Device,
  list: List,
  holds: (baton: Baton) => boolean,
  withinMs = 10_000,
): Promise<Baton> {
  const batons = await until(device.session.batons[list], (all) => all.some(holds), {
    withinMs,
    show: (all) => ({ list, all, alarms: device.session.alarms.read() }),
  });
  return batons.find(holds) as Baton;
}

/** A duty role whose only holders are these. */
async function dutyRole(name: string, unit: string | null, holders: readonly AccountId[]): Promise<RoleId> {
  const { admin } = practice;
  const role = await admin.session.people.defineRole({ name, unit, use: 'duty', holders });
  await admin.session.people.removeHolder(role, admin.account);
  for (const { session } of [maria, james, nina, otto])
    await until(
      session.directory.roles,
      (roles) => roles.find(({ id }) => id === role)?.holders.length === holders.length,
    );
  return role;
}

describe('a new organisation', () => {
  it('has a duty supervisor, ladders and a policy from the start, on every device', async () => {
    for (const { session } of [practice.admin, maria]) {
      const policy = await until(session.duty.policy, (found) => found !== null);
      expect(session.duty.owner(policy!.supervisor)).toMatchObject({ kind: 'role', name: 'Duty supervisor' });
      expect(session.duty.ladders.read()).toHaveLength(3);
    }
  });
});

describe('a message that asks a person for something', () => {
  it('is acknowledged, then answered by a message, and both see it', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    await until(thread.asking, ({ available }) => available);
    expect(thread.asking.read()).toMatchObject({ suggested: 'reply', owners: [{ id: james.account }] });
    await thread.send(asking('Potassium 6.1, please advise', { contract: 'reply', to: [james.account] }));
    const owed = await finds(james, 'owe', ({ text: words }) => words === 'Potassium 6.1, please advise');
    expect(owed).toMatchObject({
      contract: 'reply',
      status: 'open',
      owner: { id: james.account },
      opener: { id: maria.account },
      conversation: thread.id,
      readVia: 'member',
      can: { acknowledge: true, answer: true, accept: false },
    });
    await until(
      james.session.batons.owe,
      () => james.session.batons.get(owed.id)?.callback === '+1 555 0100',
    );
    expect(james.session.batons.get(owed.id)).toMatchObject({ patient: 'Hill, Rosa' });
    expect(james.session.batons.owed.read()).toBe(1);
    await james.session.batons.acknowledge(owed.id);
    const waiting = await finds(maria, 'waiting', ({ status }) => status === 'acknowledged');
    expect(waiting).toMatchObject({
      acknowledgedBy: { person: { name: 'James Chen' } },
      can: { answer: false },
    });
    const forJames = await sees(james.session, thread.id, 'Potassium 6.1, please advise');
    expect(forJames.asking.read()).toMatchObject({ suggested: 'fyi', answers: [{ id: owed.id }] });
    await forJames.send(text('Repeat the sample now', { answers: [owed.id] }));
    const ended = await finds(maria, 'ended', ({ id }) => id === owed.id);
    expect(ended).toMatchObject({ status: 'answered', ended: { by: { name: 'James Chen' }, reason: null } });
    expect(ended.lines.map(({ what }) => what)).toEqual(['sent', 'acknowledged', 'answered']);
    await until(thread.timeline, () => messagesOf(thread)[0]?.batons[0]?.status === 'answered');
    expect(messagesOf(thread)[0]).toMatchObject({
      contract: 'reply',
      ask: { withinMs: 60 * MINUTE, to: [{ name: 'James Chen' }] },
      ladderReaders: [{ name: 'James Chen' }, { name: 'Duty supervisor' }],
    });
    expect(james.session.batons.owed.read()).toBe(0);
  });
});

describe('nobody', () => {
  it('has seen an alarm in all of this', () => {
    for (const { session } of [practice.admin, maria, james, nina, otto])
      expect(session.alarms.read()).toEqual([]);
  });
});
