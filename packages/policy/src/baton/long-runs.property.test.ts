import { type AccountId, isId, type OwnerId } from '@baton/kernel';
import type { BatonOp, RecordBody } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daily, makeDutyOrg, save, without } from '../fixtures/duty-scene.ts';
import { account, named, org, role } from '../fixtures/organisation.ts';
import { answerOp, BATON, CONV, placeNext, reopenOp } from '../fixtures/small-hospital.ts';
import {
  applyBatonEvent,
  type BatonFacts,
  type BatonState,
  createBatonFacts,
  defaultLadders,
  defaultPolicy,
  dueBatonOp,
  emptyRecordBook,
  judgeBatonEvent,
  judgeServerEvent,
  nextBatonTimer,
  openBaton,
  type PlacedEvent,
  type RecordBook,
} from '../index.ts';

// Long runs with real records: schedules over changes of clocks, covers, absences, edits and deactivations in any order, a server's clock that
// jumps both ways, stops of days.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NAMES = ['ana', 'ben', 'cleo', 'nurse', 'charge-nurse', 'it-admin'] as const;
const ON_CALL = role('on-call');
const QUEUE = named('queue', 'refills');
const OWNERS: readonly OwnerId[] = [
  ON_CALL,
  role('charge'),
  role('supervisor'),
  QUEUE,
  ...NAMES.map(account),
];
const STARTS: readonly (readonly [zone: string, from: number])[] = [
  ['America/New_York', Date.UTC(2026, 9, 31, 18)],
  ['America/New_York', Date.UTC(2027, 2, 13, 18)],
  ['Europe/Berlin', Date.UTC(2026, 9, 24, 18)],
  ['Australia/Lord_Howe', Date.UTC(2027, 3, 3, 2)],
  ['Asia/Kolkata', Date.UTC(2026, 11, 31, 12)],
];

type Move =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'timer' }
  | { readonly kind: 'act'; readonly by: number; readonly op: number; readonly to: number }
  | { readonly kind: 'record'; readonly which: number; readonly who: number; readonly ms: number }
  | { readonly kind: 'account'; readonly who: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'timer' } as const) },
  // Clocks go back, too; and once in a while nobody looks for days.
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.oneof(
        fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
        fc.integer({ min: 0, max: 72 * HOUR }),
        fc.constant(0),
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('act' as const), by: fc.nat(5), op: fc.nat(7), to: fc.nat(9) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      which: fc.nat(7),
      who: fc.nat(5),
      ms: fc.integer({ min: 1, max: 30 * HOUR }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('account' as const), who: fc.nat(4) }) },
);

interface World {
  book: RecordBook;
  readonly gone: Set<AccountId>;
  /** The server's clock, and the commit time that never goes back. */
  clock: number;
  last: number;
  readonly zone: string;
}

const base = makeDutyOrg({
  'on-call': ['ana', 'ben'],
  charge: ['charge-nurse'],
  supervisor: ['nurse', 'cleo'],
});

function makeWorld(zone: string, from: number): World {
  let book = emptyRecordBook();
  const bodies: readonly RecordBody[] = [
    ...Object.values(defaultLadders()),
    defaultPolicy(role('supervisor')),
    {
      kind: 'unit',
      unit: named('unit', 'west'),
      name: '4 West',
      backup: role('charge'),
      charge: role('charge'),
      ladders: { reply: null, talk: null, stat: null },
      callback: null,
      showSender: { reply: false, talk: false, stat: true },
      active: true,
    },
    { kind: 'queue', queue: QUEUE, name: 'Refills', roles: [ON_CALL], defaultOwner: ON_CALL, active: true },
    daily(ON_CALL, zone, [
      ['ana', 7, 19],
      ['ben', 19, 3],
    ]),
    daily(role('supervisor'), zone, [
      ['nurse', 6, 18],
      ['cleo', 18, 6],
    ]),
  ];
  for (const body of bodies) book = save(book, body, { at: from });
  return { book, gone: new Set(), clock: from, last: from, zone };
}

const factsOf = (world: World): BatonFacts => createBatonFacts(world.book, without(base, world.gone));

function changeRecord(world: World, { which, who, ms }: Extract<Move, { kind: 'record' }>): void {
  const one = account(NAMES[who] ?? 'ana');
  const other = account(NAMES[(who + 1) % NAMES.length] ?? 'ben');
  const { last, zone } = world;
  const bodies: readonly RecordBody[] = [
    { kind: 'availability', account: one, duty: 'off', cover: null, until: null },
    { kind: 'availability', account: one, duty: 'off', cover: other, until: last + ms },
    { kind: 'availability', account: one, duty: 'on', cover: null, until: null },
    {
      kind: 'cover',
      cover: named('event', `cover ${who}`),
      role: ON_CALL,
      account: one,
      instead: other,
      from: last,
      until: last + ms,
      active: true,
    },
    daily(ON_CALL, zone, [[NAMES[who] ?? 'ana', 0, 12]]),
    { ...daily(ON_CALL, zone, []), active: ms % 2 === 0 },
    {
      ...defaultLadders().stat,
      steps: [{ from: 'open', afterMs: ms % HOUR, target: one }],
      repeatMs: MINUTE + (ms % HOUR),
    },
    {
      kind: 'queue',
      queue: QUEUE,
      name: 'Refills',
      roles: [ON_CALL],
      defaultOwner: one,
      active: ms % 2 === 0,
    },
  ];
  const body = bodies[which];
  if (body !== undefined) world.book = save(world.book, body, { at: last });
}

function opOf(index: number, to: number): BatonOp {
  const ops: readonly BatonOp[] = [
    { op: 'acknowledge', readBack: false },
    { op: 'take' },
    { op: 'accept' },
    { op: 'decline' },
    { op: 'offer', to: OWNERS[to % OWNERS.length] ?? ON_CALL, note: null },
    { op: 'offer', to: ON_CALL, note: null },
    reopenOp,
    // Ends are rare, so that runs are long.
    to === 0 ? answerOp : { op: 'take' },
  ];
  return ops[index] ?? { op: 'take' };
}

interface Run {
  state: BatonState;
  readonly chain: PlacedEvent[];
}

function append(run: Run, op: BatonOp, by: AccountId | null, at: number): void {
  const placed = placeNext(run.state, { op, by, at });
  const next = applyBatonEvent(run.state, placed);
  if (!next.ok) throw new Error(`${op.op}: ${next.error.code} at ${next.error.at}`);
  run.state = next.value;
  run.chain.push(placed);
}

function settle(run: Run, world: World): void {
  const facts = factsOf(world);
  for (let rounds = 0; rounds < 60; rounds += 1) {
    const op = dueBatonOp(run.state, facts, world.last);
    if (op === null) return;
    const judged = judgeServerEvent(run.state, placeNext(run.state, { op, by: null, at: world.last }), facts);
    if (!judged.ok) throw new Error(`clients would not believe ${op.op} at ${judged.error.at}`);
    append(run, op, null, world.last);
    if (run.state.ended !== null) throw new Error('the server ended a baton');
  }
  throw new Error('what is due does not come to an end');
}

function checkPromises({ state }: Run, world: World): void {
  const facts = factsOf(world);
  const timer = nextBatonTimer(state, facts, world.last);
  if (state.ended !== null) {
    if (timer !== null || !isId('account', state.ended.by))
      throw new Error('an end has a person and no timer');
    return;
  }
  if (timer === null || timer <= world.last || timer <= state.at) throw new Error(`timer ${timer}`);
  const isLast = state.owner === facts.supervisor();
  const holders = facts.holders(state.owner, world.last);
  if (!isLast && (holders.length === 0 || !facts.isOwner(state.owner)))
    throw new Error(`owner ${state.owner}`);
  if (!isLast && !holders.some((id) => state.reached.has(id) || state.acknowledged?.by === id))
    throw new Error('nobody of the owner has heard of it');
  // Between now and the timer nothing becomes due by itself, whatever the clocks on the wall do.
  for (const at of [Math.floor((world.last + timer) / 2), timer - 1]) {
    const early = dueBatonOp(state, facts, at);
    if (early !== null) throw new Error(`${early.op} due at ${at}, before the timer ${timer}`);
  }
}

function play(start: readonly [string, number], to: OwnerId, moves: readonly Move[]): number {
  const world = makeWorld(...start);
  const opening = { org, baton: BATON, conv: CONV, opener: account('it-admin'), reference: null } as const;
  const contract = 'stat';
  const op = openBaton(
    { ...opening, contract, to, deadline: world.last + 5 * MINUTE },
    factsOf(world),
    world.last,
  );
  const first = placeNext(null, { op, by: null, at: world.last });
  const opened = applyBatonEvent(null, first);
  if (!opened.ok) throw new Error(opened.error.code);
  const run: Run = { state: opened.value, chain: [first] };
  settle(run, world);
  for (const step of moves) {
    if (step.kind === 'wait') world.clock += step.ms;
    if (step.kind === 'timer')
      world.clock = nextBatonTimer(run.state, factsOf(world), world.last) ?? world.clock;
    world.last = Math.max(world.last, world.clock);
    if (step.kind === 'record') changeRecord(world, step);
    if (step.kind === 'account') {
      const id = account(NAMES[step.who] ?? 'ana');
      if (!world.gone.delete(id)) world.gone.add(id);
    }
    if (step.kind === 'act') {
      const by = account(NAMES[step.by] ?? 'ana');
      const act = opOf(step.op, step.to);
      if (judgeBatonEvent(run.state, { by, op: act, at: world.last }, factsOf(world)).ok)
        append(run, act, by, world.last);
    }
    settle(run, world);
    checkPromises(run, world);
    if (run.state.ended !== null) break;
  }
  // Whoever replays the chain has the same baton.
  let replayed: BatonState | null = null;
  for (const placed of run.chain) {
    const next = applyBatonEvent(replayed, placed);
    if (!next.ok) throw new Error(`replay: ${next.error.code}`);
    replayed = next.value;
  }
  expect(replayed).toEqual(run.state);
  return run.chain.length;
}

describe('long random runs', () => {
  it('keep every promise over changes of clocks, records and people', { timeout: 120_000 }, () => {
    let events = 0;
    let longest = 0;
    const runs = fc.property(
      fc.constantFrom(...STARTS),
      fc.constantFrom(...OWNERS),
      fc.array(move, { minLength: 20, maxLength: 250, size: 'max' }),
      (start, to, moves) => {
        const length = play(start, to, moves);
        events += length;
        longest = Math.max(longest, length);
      },
    );
    fc.assert(runs, { numRuns: 250 });
    console.info(`${events} events, ${longest} in the longest chain`);
    expect(events).toBeGreaterThan(8000);
  });

  it('hold for a baton that nobody touches for thousands of steps', () => {
    const moves = Array.from({ length: 2000 }, (): Move => ({ kind: 'timer' }));
    expect(play(STARTS[0] ?? ['UTC', 0], ON_CALL, moves)).toBeGreaterThan(1500);
  });
});
