import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BatonStage,
  eventsOf,
  fetchBatons,
  KEEPERS_MS,
  pause,
  setBatonStage,
} from './malice/baton-stage.ts';
import { forgeEvent, knownBaton, tamperWithChain } from './malice/forge-batons.ts';
import { until } from './until.ts';

// Whoever takes a baton over comes into its conversation with what was written there: who must not, although the server or the taker wants it.

let stage: BatonStage;

beforeAll(async () => {
  stage = await setBatonStage();
}, 60_000);

afterAll(() => stage?.close());

describe('a server that works together with a colleague', () => {
  it('gets no place for a colleague of theirs by dating an act back', async () => {
    const { operator, maria, nina } = stage;
    const { thread, baton } = await stage.ask('dated back');
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
    const { thread, baton } = await stage.ask('taken and taken out', [stage.cardiology]);
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
