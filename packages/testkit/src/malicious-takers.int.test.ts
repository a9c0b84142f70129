import type { Baton, Conversation, LiveSession } from '@baton/client';
import type { BatonId, OwnerId, RoleId } from '@baton/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgeEvent, knownBaton, tamperWithChain } from './malice/forge-batons.ts';
import { reads, type Stage, setStage } from './malice/stage.ts';
import type { Device } from './practice.ts';
import { until } from './until.ts';

// Whoever takes a baton over comes into its conversation with what was written there: who must not, although the server or the taker wants it.

const HOUR = 3_600_000;
/** Longer than the members' clients wait before they do something for others. */
const KEEPERS_MS = 6500;

let stage: Stage;
let cardiology: RoleId;

beforeAll(async () => {
  stage = await setStage();
  const { admin, maria, nina } = stage;
  cardiology = await admin.session.people.defineRole({
    name: 'Cardiology on call',
    unit: null,
    use: 'duty',
    holders: [nina.account],
  });
  await admin.session.people.removeHolder(cardiology, admin.account);
  await until(
    maria.session.directory.roles,
    (roles) => roles.find(({ id }) => id === cardiology)?.holders.length === 1,
  );
}, 60_000);

afterAll(() => stage?.close());

interface Asked {
  readonly thread: Conversation;
  readonly baton: BatonId;
}

/** Maria asks, in a group with James; both have the baton. */
async function ask(words: string, to?: readonly OwnerId[]): Promise<Asked> {
  const { maria, james } = stage;
  const owners = to ?? [james.account];
  const thread = await stage.thread(`about ${words}`, [james]);
  await until(thread.asking, ({ available }) => available);
  await thread.send({
    text: words,
    files: [],
    mentions: [],
    replyTo: null,
    as: null,
    ask: { contract: 'reply', to: owners, withinMs: HOUR, callback: '+1 555 0100', patient: 'Hill, Rosa' },
  });
  const { id } = await finds(maria, 'waiting', ({ text }) => text === words);
  await reads(james.session, thread.id, words);
  await until(james.session.batons.changes, () => james.session.batons.get(id) !== null);
  return { thread, baton: id };
}

async function finds(
  { session }: Pick<Device, 'session'>,
  list: 'owe' | 'waiting' | 'escalated',
  holds: (baton: Baton) => boolean,
): Promise<Baton> {
  const all = await until(session.batons[list], (batons) => batons.some(holds), {
    show: (batons) => ({ batons, alarms: session.alarms.read() }),
  });
  return all.find(holds) as Baton;
}

const fetchBatons = (session: LiveSession): Promise<void> => session.parts.feed.catchUp();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const eventsOf = (session: LiveSession, baton: BatonId) =>
  knownBaton(session, baton).events.map(({ event }) => event.op.op);

describe('a server that works together with a colleague', () => {
  it('gets no place for a colleague of theirs by dating an act back', async () => {
    const { operator, maria, nina } = stage;
    const { thread, baton } = await ask('dated back');
    const taken = await forgeEvent(nina.session, {
      chain: knownBaton(maria.session, baton),
      op: { op: 'take' },
    });
    await tamperWithChain(operator, { session: maria.session, baton, n: 1, signed: taken });
    // By what the server greets with, the act lies further back than anybody can tell who might do what.
    maria.session.parts.serverClock.note(Date.now() + 20 * 60_000);
    await fetchBatons(maria.session);
    await until(maria.session.batons.changes, () => knownBaton(maria.session, baton).state.n === 1);
    await pause(KEEPERS_MS);
    maria.session.parts.serverClock.note(Date.now());
    expect(thread.readers.read().people.map(({ person }) => person.id)).not.toContain(nina.account);
    expect(eventsOf(maria.session, baton)).toEqual(['open', 'take']);
  }, 60_000);
});

describe('a taker whom a member took out again', () => {
  it('is not let in once more because of the same baton', async () => {
    const { maria, nina } = stage;
    const { thread, baton } = await ask('taken and taken out', [cardiology]);
    await until(nina.session.batons.changes, () => nina.session.batons.get(baton) !== null);
    await nina.session.batons.acknowledge(baton);
    const names = () => thread.readers.read().people.map(({ person }) => person.id);
    await until(thread.readers, () => names().includes(nina.account));
    await thread.removeMember(nina.account);
    await until(thread.readers, () => !names().includes(nina.account));
    // She has it still, and whatever she does with it has the members' clients look at it.
    await nina.session.batons.handOver(baton, stage.james.account, null);
    await until(maria.session.batons.changes, () => knownBaton(maria.session, baton).state.offer !== null);
    await pause(KEEPERS_MS);
    expect(names()).not.toContain(nina.account);
  }, 30_000);
});
