import { EXAMPLE_PROTOCOLS, type Protocol } from '@baton/clinical';
import type { Enrolment } from '@baton/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { ASSISTANT, type Delivered, SimulatedWorld } from '../fixtures/simulated-world.ts';
import { enrolmentOf } from '../fixtures/test-enrolment.ts';
import { Keeper } from './keeper.ts';
import type { Inbound } from './view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 9 in the morning in New York. */
const NINE = Date.UTC(2026, 5, 8, 13);
const REF = 'Patient/0';

const protocolOf = (id: string): Protocol => {
  const found = EXAMPLE_PROTOCOLS.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};
const WORSE = protocolOf('better-same-worse');
const CAPECITABINE = protocolOf('capecitabine-monotherapy');

let world: SimulatedWorld;
let keeper: Keeper;
let next: number | null;

beforeEach(() => {
  world = new SimulatedWorld(NINE);
  keeper = new Keeper(world.ports());
  next = null;
});

function enrol(protocol: Protocol, n = 0, more: Partial<Enrolment> = {}): Enrolment {
  const made = enrolmentOf(n, protocol, { startsAt: NINE, timeZone: 'America/New_York', state: 'active' });
  const enrolment: Enrolment = { ...made, ref: REF, language: 'en', startsOn: '2026-06-08', ...more };
  world.protocols.set(`${protocol.id}:1`, protocol);
  world.enrolments.set(enrolment.id, enrolment);
  world.standings.set(REF, 'may');
  return enrolment;
}

async function at(ms: number): Promise<void> {
  world.nowMs = ms;
  next = await keeper.work(REF);
}

/** Lets time pass as the agenda would. */
async function passTo(ms: number): Promise<void> {
  if (next === null) await at(world.nowMs);
  while (next !== null && next <= ms) await at(Math.max(next, world.nowMs));
  await at(ms);
}

const asked = (step: string): Delivered[] => world.delivered.filter(({ said }) => said.prompt?.step === step);
const last = (step: string): Delivered => {
  const found = asked(step).at(-1);
  if (!found)
    throw new Error(`${step} was not asked: ${world.delivered.map(({ said }) => said.text).join(' | ')}`);
  return found;
};

async function write(text: string, to: Delivered | null, more: Partial<Inbound> = {}): Promise<Inbound> {
  const choice = to?.said.prompt?.choices.some(({ key }) => key === text) ? text : null;
  const answers = to && { prompt: to.id, choice };
  const message = world.write(REF, {
    text,
    answers,
    isText: true,
    flags: [],
    isStat: false,
    photos: 0,
    ...more,
  });
  await at(world.nowMs + MINUTE);
  return message;
}

const isSettled = ({ id }: Inbound): boolean => world.settled.some(({ message }) => message === id);

describe('an answer', () => {
  it('given twice is dealt with twice; another letter afterwards is a person’s', async () => {
    enrol(WORSE);
    await passTo(NINE);
    const feel = last('feel');
    expect(isSettled(await write('2', feel))).toBe(true);
    expect(isSettled(await write('2', feel))).toBe(true);
    expect(isSettled(await write('3', feel))).toBe(false);
    expect(world.runs().map(({ outcome }) => outcome)).toEqual(['advised']);
  });

  it('that names no question counts where it fits, and stays with staff as well', async () => {
    enrol(WORSE);
    await passTo(NINE);
    const other = await write('Can I move my appointment to Friday?', null);
    expect(world.runs()[0]?.steps).toHaveLength(1);
    expect(isSettled(other)).toBe(false);
    expect(isSettled(await write('about the same', null))).toBe(false);
    expect(world.runs()[0]).toMatchObject({ outcome: 'advised', band: 'green' });
  });

  it('goes to the enrolment that asked', async () => {
    const first = enrol(WORSE);
    enrol(protocolOf('blood-pressure-by-text'), 1);
    await passTo(NINE + 12 * HOUR - MINUTE);
    expect(new Set(world.delivered.map(({ said }) => said.prompt?.about.split(':')[1])).size).toBe(2);
    // Both have a question open; one of them takes it.
    expect(world.runs().filter(({ outcome }) => outcome === 'open')).toHaveLength(2);
    await write('2', last('feel'));
    const answered = world.runs().filter(({ steps }) => steps.some(({ kind }) => kind === 'answer'));
    expect(answered.map(({ enrolment }) => enrolment)).toEqual([first.id]);
  });

  it('“worse” to another question begins the dialogue that the protocol has for it', async () => {
    enrol(WORSE);
    await passTo(NINE);
    await write('3', last('feel'));
    await write('I feel much worse', last('breathe'));
    expect(world.runs().map(({ slot, outcome }) => [slot, outcome])).toEqual([
      ['morning', 'ended'],
      ['free-1', 'open'],
    ]);
    expect(asked('breathe')).toHaveLength(2);
  });

  it('with words for an emergency that somebody was asked about already is one alert and no second ask', async () => {
    enrol(WORSE);
    await passTo(NINE);
    const said = await write('my chest hurts and I cannot breathe', last('feel'), { isStat: true });
    expect(world.alerts()).toMatchObject([{ kind: 'red-flag', band: 'red', message: said.id }]);
    expect(world.asked).toEqual([]);
    expect(isSettled(said)).toBe(false);
    // At night as well.
    expect(world.delivered.some(({ said: one }) => one.urgent)).toBe(true);
  });

  it('of somebody who is not enrolled any more is nobody’s but staff’s', async () => {
    const { id } = enrol(WORSE);
    await passTo(NINE);
    const feel = last('feel');
    const known = world.enrolments.get(id);
    if (known) world.enrolments.set(id, { ...known, state: 'ended' });
    const late = await write('2', feel);
    expect(isSettled(late)).toBe(false);
    expect(world.delivered).toHaveLength(1);
    expect(world.runs()[0]?.outcome).toBe('held');
  });
});

describe('an alert', () => {
  it('of two ambers on one day is one red, and what the first asked is ended', async () => {
    enrol(CAPECITABINE);
    await passTo(NINE + HOUR);
    const morning = CAPECITABINE.slots.find(({ id }) => id === 'morning');
    expect(morning?.minute).toBe(510);
    await passTo(NINE + 24 * HOUR);
    await write('3', last('dose'));
    const [first] = world.alerts();
    expect(first).toMatchObject({ band: 'amber', kind: 'dose' });
    await write('2', last('signs'));
    await write('3', last('feel'));
    for (const [step, answer] of [
      ['temperature', 'I did not take it'],
      ['chills', '2'],
      ['vomit', '4'],
    ] as const)
      await write(answer, last(step));
    const red = world.alerts().find(({ band }) => band === 'red');
    expect(red?.reason).toContain('amber answers in one day');
    const replaced = world.alerts().find(({ id }) => id === first?.id);
    // By the assistant: no person has looked at it.
    expect(replaced?.act).toMatchObject({ way: 'none', by: ASSISTANT });
    expect(world.closed).toContain(replaced?.message);
  });

  it.each([
    ['38.6', 'temperature/fever-g1'],
    ['my temp is 101.5', 'temperature/fever-g1'],
    ['I have a fever of 101.5', 'temperature/fever-g1'],
    ['37.0', null],
    ['I have a fever', 'red flag: chemo.fever'],
    ['101.5 and crushing chest pain', 'red flag: chemo.fever, chest.pain'],
  ])('is what the site signed where a temperature was asked for and said: %s', async (text, line) => {
    enrol(CAPECITABINE);
    await passTo(NINE + 24 * HOUR);
    await write('1', last('dose'));
    await write('2', last('signs'));
    await write('3', last('feel'));
    await write(text, last('temperature'));
    expect(world.alerts().map((alert) => alert.line)).toEqual(
      line === null ? [] : [expect.stringContaining(line) as string],
    );
  });

  it('asks again after the time to call back, until it is done', async () => {
    enrol(WORSE);
    await passTo(NINE);
    await write('3', last('feel'));
    await write('1', last('breathe'));
    const [alert] = world.alerts();
    if (!alert) throw new Error('no alert');
    expect(alert.callBackBy - alert.at).toBe(HOUR);
    const nudges = () => world.asked.filter(({ asked: one }) => one.alert === null);
    await passTo(alert.callBackBy - 1);
    expect(nudges()).toHaveLength(0);
    await passTo(alert.callBackBy + 2 * HOUR);
    expect(nudges().map(({ asked: one }) => one.contract)).toEqual(['stat', 'stat', 'stat']);
    const act = {
      way: 'call',
      by: alertBy(),
      chosenAt: world.nowMs,
      doneAt: world.nowMs,
      appointment: null,
    } as const;
    world.changeAlert(alert.id, (newest) => ({ ...newest, act: { ...act, note: '' } }));
    await passTo(world.nowMs + 20 * HOUR);
    expect(nudges()).toHaveLength(3);
    expect(world.closed).toEqual([world.asked[0]?.id, ...nudges().map(({ id }) => id)]);
  });
});

const alertBy = () => [...world.enrolments.values()][0]?.by ?? ('' as never);

describe('a plan that nobody stands for', () => {
  it('names no dose and raises one task', async () => {
    enrol(CAPECITABINE, 0, { stale: { since: NINE, why: 'order changed' } });
    for (let day = 1; day <= 3; day += 1) await passTo(NINE + day * 24 * HOUR);
    expect(asked('dose')).toEqual([]);
    expect(world.delivered.some(({ said }) => said.text.includes('500 mg'))).toBe(false);
    expect(world.alerts().filter(({ kind }) => kind === 'stale-plan')).toHaveLength(1);
  });

  it('ends a question about tablets that was open', async () => {
    const { id } = enrol(CAPECITABINE);
    await passTo(NINE + 24 * HOUR);
    expect(last('dose').said.text).toContain('3 tablets of 500 mg');
    const known = world.enrolments.get(id);
    if (known) world.enrolments.set(id, { ...known, stale: { since: world.nowMs, why: 'order changed' } });
    await at(world.nowMs + MINUTE);
    expect(world.runs().at(-1)?.outcome).toBe('held');
    const before = world.delivered.length;
    await passTo(world.nowMs + 3 * HOUR);
    expect(world.delivered).toHaveLength(before);
  });
});

describe('a pause', () => {
  it('says nothing, and ends on its day', async () => {
    const { id } = enrol(WORSE, 0, { state: 'paused', reason: 'away', resumesOn: '2026-06-11' });
    await passTo(NINE + 48 * HOUR);
    expect(world.delivered).toEqual([]);
    await passTo(NINE + 72 * HOUR);
    expect(world.enrolments.get(id)).toMatchObject({ state: 'active', resumesOn: null });
    expect(asked('feel')).toHaveLength(1);
  });
});

describe('another version', () => {
  it('ends the dialogue of the one before', async () => {
    const { id, protocol } = enrol(WORSE);
    await passTo(NINE);
    world.protocols.set(`${WORSE.id}:2`, WORSE);
    const known = world.enrolments.get(id);
    if (known) world.enrolments.set(id, { ...known, protocol: { ...protocol, version: 2 } });
    expect(isSettled(await write('2', last('feel')))).toBe(false);
    expect(world.runs()[0]?.outcome).toBe('held');
    await passTo(NINE + 9 * HOUR);
    expect(world.runs().at(-1)).toMatchObject({ slot: 'evening', protocol: { version: 2 } });
  });
});

describe('an invitation', () => {
  it('that nobody answers goes once more, then staff are told once', async () => {
    enrol(WORSE, 0, { state: 'invited' });
    await passTo(NINE + 10 * 24 * HOUR);
    expect(asked('invite').map(({ at: when }) => when - NINE)).toEqual([0, 24 * HOUR]);
    expect(world.asked).toHaveLength(1);
    expect(world.asked[0]?.asked.text).toContain('has not answered the invitation');
  });

  it('that is declined ends the enrolment with a word', async () => {
    const { id } = enrol(WORSE, 0, { state: 'invited' });
    await passTo(NINE);
    expect(isSettled(await write('2', last('invite')))).toBe(true);
    expect(world.enrolments.get(id)?.state).toBe('ended');
    expect(asked(WORSE.invite.declined)).toHaveLength(1);
  });

  it('asks for the consent itself where there is none', async () => {
    enrol(WORSE, 0, { state: 'invited' });
    world.standings.set(REF, 'no-consent');
    await passTo(NINE);
    await write('yes please', last('invite'));
    expect(world.consents).toEqual([REF]);
    expect(asked('welcome')).toHaveLength(1);
  });

  it('that is not understood is asked back once, then is a person’s', async () => {
    enrol(WORSE, 0, { state: 'invited' });
    await passTo(NINE);
    const first = await write('blorp', last('invite'));
    const second = await write('blorp blorp', last('invite'));
    expect([first, second].map(isSettled)).toEqual([false, false]);
    expect(asked('invite')).toHaveLength(2);
    expect(world.asked.map(({ asked: one }) => one.text)).toEqual([
      expect.stringContaining('not understood twice'),
    ]);
  });
});

describe('two stations that act at the same time', () => {
  it('say and ask everything once', async () => {
    enrol(WORSE);
    const stations = [keeper, new Keeper(world.ports()), new Keeper(world.ports())];
    const workAll = async (): Promise<void> => {
      const works = await Promise.allSettled(stations.map((one) => one.work(REF)));
      for (const work of works)
        if (work.status === 'rejected') expect(String(work.reason)).toContain('another station was faster');
      // Whoever was slower looks again.
      await at(world.nowMs);
    };
    await workAll();
    for (const [step, letter] of [
      ['feel', '3'],
      ['breathe', '1'],
      ['urgency', '1'],
    ] as const) {
      const { id } = last(step);
      const answers = { prompt: id, choice: letter };
      world.write(REF, { text: letter, answers, isText: false, flags: [], isStat: false, photos: 0 });
      world.nowMs += MINUTE;
      await workAll();
      await workAll();
    }
    expect(world.delivered.map(({ said }) => said.prompt?.step)).toEqual([
      'feel',
      'breathe',
      'told-now',
      'urgency',
    ]);
    expect(world.alerts()).toMatchObject([{ band: 'red', patientSays: 'urgent' }]);
    expect(world.asked).toHaveLength(1);
    expect(world.settled).toHaveLength(3);
  });
});
