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
  return { ...text(words), ask: { ...ask, withinMs, callback: '+1 555 0100', patient: 'Hill, Rosa' } };
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
    await until(james.session.batons.owed, (count) => count === 0);
  });
});

describe('a stat message to a role whose holder is off duty', () => {
  it('reaches the cover, who reads it with its context through the escalation box, takes over and becomes a member', async () => {
    const role = await dutyRole('Cardiology on call', null, [james.account]);
    await james.session.duty.setAvailability({ duty: 'off', cover: nina.account, until: null });
    await until(maria.session.duty.roles, (rows) =>
      rows.some((row) => row.role.id === role && row.onDuty[0]?.id === nina.account),
    );
    const reached: string[] = [];
    const stop = nina.session.batons.onReached((baton) => reached.push(baton.id));
    const thread = await maria.session.conversations.startWithRole(role);
    await thread.send(
      asking('VT on the monitor, bed 4', { contract: 'stat', to: [role], withinMs: 5 * MINUTE }),
    );
    const owed = await finds(nina, 'owe', ({ text: words }) => words === 'VT on the monitor, bed 4');
    expect(owed).toMatchObject({
      contract: 'stat',
      readVia: 'escalation',
      conversation: null,
      patient: 'Hill, Rosa',
      callback: '+1 555 0100',
      addressed: { name: 'Cardiology on call' },
      can: { take: true, acknowledge: true },
    });
    expect(reached).toEqual([owed.id]);
    stop();
    await nina.session.batons.take(owed.id);
    await finds(maria, 'waiting', (baton) => baton.id === owed.id && baton.owner.id === nina.account);
    const forNina = await sees(nina.session, thread.id, 'VT on the monitor, bed 4');
    const { conversation, replyTo } = await nina.session.batons.openAnswerThread(owed.id);
    expect(conversation).toBe(thread.id);
    await forNina.send(text('Coming', { replyTo, answers: [owed.id] }));
    await finds(maria, 'ended', (baton) => baton.id === owed.id && baton.status === 'answered');
    await james.session.duty.setAvailability({ duty: 'on', cover: null, until: null });
  });

  it('is answered in a conversation of their own where it was asked in a direct one', async () => {
    await james.session.duty.setAvailability({ duty: 'off', cover: nina.account, until: null });
    const thread = await maria.session.conversations.startDirect(james.account);
    await until(thread.asking, ({ available }) => available);
    await thread.send(asking('Call about Mr Hill', { contract: 'talk', to: [james.account] }));
    const owed = await finds(nina, 'owe', ({ text: words }) => words === 'Call about Mr Hill');
    await nina.session.batons.acknowledge(owed.id, { readBack: true });
    const { conversation, replyTo } = await nina.session.batons.openAnswerThread(owed.id);
    expect(replyTo).toBeNull();
    const own = await nina.session.conversations.open(conversation);
    await until(own.asking, ({ answers }) => answers.some(({ id }) => id === owed.id));
    await own.send(text('Called', { answers: [owed.id] }));
    await finds(maria, 'ended', (baton) => baton.id === owed.id && baton.status === 'answered');
    await james.session.duty.setAvailability({ duty: 'on', cover: null, until: null });
  });
});

describe('a deadline that is missed', () => {
  it('climbs the ladder that is in force when each step fires, across a restart of the server', async () => {
    const { admin } = practice;
    const backup = await dutyRole('Backup', 'North', [nina.account]);
    const charge = await dutyRole('Charge', 'North', [otto.account]);
    const role = await dutyRole('North nurse', 'North', [james.account]);
    const unit = admin.session.duty.newUnitId();
    const none = { reply: null, talk: null, stat: null };
    const show = { reply: false, talk: true, stat: true };
    const north = {
      kind: 'unit' as const,
      unit,
      name: 'North',
      backup,
      charge,
      ladders: none,
      callback: '+1 555 0199',
      showSender: show,
      active: true,
    };
    await admin.session.duty.saveUnit(north);
    await until(maria.session.duty.units, (units) => units.some(({ name }) => name === 'North'));
    const thread = await maria.session.conversations.startWithRole(role);
    await thread.send(asking('Call me about bed 9', { contract: 'talk', to: [role], withinMs: 30 * MINUTE }));
    const owed = await finds(james, 'owe', ({ text: words }) => words === 'Call me about bed 9');
    expect(owed.coming.map(({ target }) => target.name)).toEqual([
      'Backup',
      'North nurse',
      'Charge',
      'Duty supervisor',
    ]);
    clock.step(16 * MINUTE);
    const forNina = await finds(nina, 'escalated', ({ id }) => id === owed.id);
    await until(
      nina.session.batons.escalated,
      () => typeof nina.session.batons.get(owed.id)?.text === 'string',
    );
    expect(nina.session.batons.get(owed.id)).toMatchObject({
      text: 'Call me about bed 9',
      readVia: 'escalation',
    });
    expect(forNina.escalated).toBe(true);
    // The ladder is edited after sending: the charge nurse comes later, then the supervisor at once.
    const talk = admin.session.duty.ladders.read().find(({ name }) => name === 'Call me')!;
    await admin.session.duty.saveLadder({
      ...talk,
      steps: [
        { from: 'open', afterMs: 15 * MINUTE, target: 'backup' },
        { from: 'open', afterMs: 40 * MINUTE, target: 'charge' },
        { from: 'open', afterMs: 60 * MINUTE, target: 'supervisor' },
      ],
    });
    await until(james.session.batons.owe, () => {
      const coming = james.session.batons.get(owed.id)?.coming ?? [];
      return coming.some(({ target, at }) => target.name === 'Charge' && at === owed.openedAt + 40 * MINUTE);
    });
    await server.halt();
    clock.step(26 * MINUTE);
    await server.restart();
    await finds(otto, 'escalated', ({ id }) => id === owed.id, 20_000);
    clock.step(20 * MINUTE);
    await finds(practice.admin, 'owe', ({ id }) => id === owed.id, 20_000);
    await practice.admin.session.batons.close(owed.id, 'handled-elsewhere');
    const ended = await finds(maria, 'ended', ({ id }) => id === owed.id);
    expect(ended).toMatchObject({ status: 'closed', ended: { by: { name: 'Ada Manager' } } });
    const steps = ended.lines.filter(({ what }) => what === 'step').map(({ to }) => to?.name);
    expect(steps).toEqual(['Backup', 'North nurse', 'Charge', 'Duty supervisor']);
  }, 60_000);
});

describe('a hand-over', () => {
  it('carries a note to the receiver alone, and comes back when it is declined or not accepted', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    await thread.send(asking('Please titrate the drip', { contract: 'reply', to: [james.account] }));
    const owed = await finds(james, 'owe', ({ text: words }) => words === 'Please titrate the drip');
    await james.session.batons.handOver(owed.id, nina.account, 'Bed 7, she knows the patient');
    const isOffered = (baton: Baton): boolean => baton.id === owed.id && baton.offer?.toMe === true;
    await finds(nina, 'escalated', isOffered);
    await until(nina.session.batons.escalated, () => {
      const seen = nina.session.batons.get(owed.id);
      return seen?.offer?.note === 'Bed 7, she knows the patient' && seen.text === 'Please titrate the drip';
    });
    expect(maria.session.batons.get(owed.id)?.offer?.note ?? null).toBeNull();
    await nina.session.batons.decline(owed.id);
    await finds(james, 'owe', (baton) => baton.id === owed.id && baton.offer === null);
    await james.session.batons.handOver(owed.id, nina.account, null);
    await finds(nina, 'escalated', isOffered);
    clock.step(31 * MINUTE);
    await finds(james, 'owe', (baton) => baton.lines.at(-1)?.what === 'returned');
    await james.session.batons.handOver(owed.id, nina.account, null);
    await finds(nina, 'escalated', isOffered);
    await nina.session.batons.accept(owed.id);
    await finds(nina, 'owe', (baton) => baton.id === owed.id && baton.status === 'acknowledged');
    await until(james.session.batons.owe, (owe) => owe.every(({ id }) => id !== owed.id));
    await nina.session.batons.close(owed.id, 'done');
  });
});

describe('an edit of what was acknowledged', () => {
  it('opens it again, and a got-it acknowledges it without closing it', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    const id = await thread.send(asking('Give 5 mg', { contract: 'reply', to: [james.account] }));
    const owed = await finds(james, 'owe', ({ text: words }) => words === 'Give 5 mg');
    const forJames = await james.session.conversations.open(thread.id);
    await forJames.react(id, 'got-it', true);
    await finds(maria, 'waiting', (baton) => baton.id === owed.id && baton.status === 'acknowledged');
    await thread.edit(id, 'Give 2.5 mg');
    await finds(james, 'owe', (baton) => baton.id === owed.id && baton.status === 'open');
    await until(james.session.batons.owe, () => james.session.batons.get(owed.id)?.text === 'Give 2.5 mg');
    await james.session.batons.close(owed.id, 'done');
    const { status } = await finds(maria, 'ended', (baton) => baton.id === owed.id);
    expect(status).toBe('closed');
  });
});

describe('somebody who stands in after the message was sent', () => {
  it('gets a box from a client that can read it', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    await thread.send(asking('Second opinion on the film?', { contract: 'reply', to: [james.account] }));
    const owed = await finds(james, 'owe', ({ text: words }) => words === 'Second opinion on the film?');
    await james.session.duty.setAvailability({ duty: 'off', cover: otto.account, until: null });
    await finds(otto, 'owe', ({ id }) => id === owed.id);
    await until(
      otto.session.batons.owe,
      () => otto.session.batons.get(owed.id)?.text === 'Second opinion on the film?',
    );
    expect(otto.session.batons.get(owed.id)).toMatchObject({ readVia: 'escalation', patient: 'Hill, Rosa' });
    await james.session.duty.setAvailability({ duty: 'on', cover: null, until: null });
    await maria.session.batons.close(owed.id, 'not-needed');
  });
});

describe('a care plan change', () => {
  it('makes one request for each role and shows who has acknowledged', async () => {
    const one = await dutyRole('Diet', null, [james.account]);
    const two = await dutyRole('Wound care', null, [otto.account]);
    const thread = await maria.session.conversations.startGroup({ title: 'Plan', members: [one, two] });
    const parts = [{ label: 'Change', text: 'Soft diet' }];
    const message = asking('', { contract: 'reply', to: [one, two] });
    const id = await thread.send({ ...message, template: { kind: 'care-plan-change', parts } });
    const isMine = (baton: Baton): boolean => baton.message === id;
    const forJames = await finds(james, 'owe', isMine);
    const forOtto = await finds(otto, 'owe', isMine);
    expect([forJames.addressed.name, forOtto.addressed.name]).toEqual(['Diet', 'Wound care']);
    await otto.session.batons.acknowledge(forOtto.id);
    await until(thread.timeline, () => messagesOf(thread)[0]?.batons[1]?.status === 'acknowledged');
    expect(messagesOf(thread)[0]).toMatchObject({
      text: 'Change: Soft diet',
      template: { kind: 'care-plan-change', parts },
      batons: [{ status: 'open' }, { acknowledgedBy: { person: { name: 'Otto Berg' } } }],
    });
    for (const { id: baton } of [forJames, forOtto]) await maria.session.batons.close(baton, 'done');
  });
});

describe('a role', () => {
  it('is asked for in its conversation and handed over with a cover, and the taker owes what is open', async () => {
    const role = await dutyRole('Ward doctor', null, [james.account]);
    const ward = await maria.session.conversations.startWithRole(role);
    await ward.send(asking('Discharge letter for bed 2', { contract: 'reply', to: [role] }));
    const owed = await finds(james, 'owe', ({ text: words }) => words === 'Discharge letter for bed 2');
    await nina.session.duty.askToTake(role);
    const asked = await finds(james, 'owe', ({ opener }) => opener.id === nina.account);
    const forJames = await james.session.conversations.open(asked.conversation!);
    expect(messagesOf(forJames).at(-1)).toMatchObject({
      contract: 'reply',
      request: { t: 'take-role', role: { id: role }, canAnswer: true },
    });
    await james.session.duty.giveRole({ role, to: nina.account, instead: james.account, until: null });
    const row = () => maria.session.duty.roles.read().find((candidate) => candidate.role.id === role);
    await until(maria.session.duty.roles, () => row()?.onDuty[0]?.id === nina.account);
    await until(maria.session.duty.roles, () => row()?.role.holders[0]?.id === nina.account);
    expect(row()).toMatchObject({ by: 'cover', withoutKeys: [], covers: [{ account: nina.account }] });
    await finds(nina, 'owe', (baton) => baton.id === owed.id && baton.text === 'Discharge letter for bed 2');
    await until(james.session.batons.owe, (owe) => owe.every(({ id }) => id !== owed.id));
    await nina.session.batons.close(owed.id, 'done');
    await nina.session.batons.close(asked.id, 'done');
  });
});

describe('an owner who is deactivated', () => {
  it('leaves nothing behind without an owner', async () => {
    const { session } = practice.admin;
    const thread = await maria.session.conversations.startDirect(nina.account);
    await thread.send(asking('Sign the form please', { contract: 'reply', to: [nina.account] }));
    const owed = await finds(nina, 'owe', ({ text: words }) => words === 'Sign the form please');
    const fragment = practice.admin.link.slice(practice.admin.link.indexOf('#') + 1);
    await session.security.stepUp({ kind: 'demo', fragment });
    await session.people.deactivate(nina.account);
    // She held a role of North: its ladder goes on, and the backup role has lost its only holder with her.
    const passed = await finds(otto, 'owe', ({ id }) => id === owed.id);
    expect(passed).toMatchObject({ owner: { name: 'Charge' }, unit: 'North' });
    const ofOtto = otto.session.batons;
    await until(ofOtto.owe, () => ofOtto.get(owed.id)?.text === 'Sign the form please');
    await finds(maria, 'waiting', (baton) => baton.id === owed.id && baton.owner.kind === 'role');
    expect(passed.lines.map(({ what }) => what)).toContain('reassigned');
    await ofOtto.close(owed.id, 'not-needed');
  });
});

describe('an answer', () => {
  it('closes the request although the client died in between, and other devices of the account see it', async () => {
    const thread = await maria.session.conversations.startDirect(otto.account);
    await thread.send(asking('Staff for tonight?', { contract: 'reply', to: [otto.account] }));
    const owed = await finds(otto, 'owe', ({ text: words }) => words === 'Staff for tonight?');
    const second = await practice.addDevice(otto.link);
    await finds(second, 'owe', ({ id }) => id === owed.id);
    const forOtto = await sees(otto.session, thread.id, 'Staff for tonight?');
    await server.halt();
    await until(otto.session.connection, ({ state }) => state === 'offline');
    await forOtto.send(text('Two, see the plan', { answers: [owed.id] }));
    await otto.session.close();
    await server.restart();
    const again = await practice.reopen(otto);
    await finds(maria, 'ended', ({ id, status }) => id === owed.id && status === 'answered', 20_000);
    await until(second.session.batons.owe, (owe) => owe.every(({ id }) => id !== owed.id));
    await until(again.session.batons.owe, (owe) => owe.every(({ id }) => id !== owed.id));
    expect(again.session.alarms.read()).toEqual([]);
  }, 60_000);
});

describe('nobody', () => {
  it('has seen an alarm in all of this', () => {
    for (const { session } of [practice.admin, maria, james, nina, otto])
      expect(session.alarms.read()).toEqual([]);
  });
});
