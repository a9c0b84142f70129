import type { Conversation } from '@baton/client';
import type { AccountId, RoleId } from '@baton/kernel';
import { until } from '@baton/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dutyManifest } from './duty-manifest.ts';
import {
  type AgentScene,
  createAgentScene,
  holdersOf,
  probe,
  statesOf,
  textsOf,
} from './fixtures/agent-scene.ts';
import type { EnrolledAgent } from './enrolled-agents.ts';

let scene: AgentScene;
let agent: EnrolledAgent;
let cardiology: RoleId;

beforeAll(async () => {
  scene = await createAgentScene(['Ann Day', 'Ben Night', 'Cleo Asker']);
  const { admin, people } = scene.practice;
  const [ann] = people.map(({ account }) => account) as [AccountId];
  await admin.session.duty.establish();
  cardiology = await admin.session.people.defineRole({
    name: 'Cardiology on call',
    unit: null,
    use: 'duty',
    holders: [ann],
  });
  agent = await scene.enrol(dutyManifest(admin.account));
});

afterAll(() => scene?.close());

/** All day, every day: one account. */
async function schedule(account: AccountId): Promise<void> {
  await scene.practice.admin.session.duty.saveSchedule({
    kind: 'schedule',
    role: cardiology,
    timeZone: 'UTC',
    weekly: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: 0, to: 0, account })),
    active: true,
  });
}

const say = (thread: Conversation, text: string) =>
  thread.send({ text, files: [], mentions: [], replyTo: null, as: null });

it('hands a role over while nobody is online: the one who comes reads all, the one who goes nothing new', async () => {
  const { admin, people } = scene.practice;
  const [ann, ben, cleo] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
  await schedule(ann.account);
  const { host, lines } = scene.startStation();
  await until(statesOf(host), (states) => states[agent.account] === 'waiting', {
    withinMs: 20_000,
    show: () => lines,
  });
  await admin.session.agents.keepRole(agent.account, cardiology, true);
  await until(statesOf(host), (states) => states[agent.account] === 'acting', {
    withinMs: 20_000,
    show: () => lines,
  });

  const asked = await cleo.session.conversations.startWithRole(cardiology);
  await say(asked, 'before the change');
  await until(ann.session.conversations.list, (rows) => rows.some(({ id }) => id === asked.id));
  // Both holders' devices are away.
  await ann.session.close();
  await ben.session.close();

  await schedule(ben.account);
  await until(
    probe(() => holdersOf(scene.practice, cardiology)),
    (holders) => holders.join() === ben.account,
    {
      withinMs: 30_000,
      show: () => lines,
    },
  );
  await until(
    probe(() => lines),
    (all) => all.some((line) => line.includes('role.turn ok')),
    { show: () => lines },
  );
  await say(asked, 'after the change');

  const incoming = await scene.practice.addDevice(ben.link);
  await until(incoming.session.conversations.list, (rows) => rows.some(({ id }) => id === asked.id));
  const read = await incoming.session.conversations.open(asked.id);
  await until(read.timeline, () => textsOf(read).length === 2, { show: () => textsOf(read) });
  expect(textsOf(read)).toEqual(['before the change', 'after the change']);
  await say(read, 'I have it');
  await until(asked.timeline, () => textsOf(asked).includes('I have it'));

  const outgoing = await scene.practice.reopen(ann);
  await until(outgoing.session.conversations.ready, (ready) => ready);
  const gone = outgoing.session.conversations.list.read().find(({ id }) => id === asked.id);
  const left = gone ? textsOf(await outgoing.session.conversations.open(asked.id)) : [];
  expect(left).not.toContain('after the change');
  expect(left).not.toContain('I have it');
  expect(admin.session.alarms.read()).toEqual([]);
  expect(lines.join('\n')).not.toContain('the change');
}, 120_000);
