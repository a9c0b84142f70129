import { batonOfMessage } from '@baton/kernel';
import { type BatonFacts, type BatonState, defaultLadders } from '@baton/policy';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmInput } from '../alarms/alarms.ts';
import { idOf } from '../fixtures/ids.ts';
import { createManualTime } from '../fixtures/manual-time.ts';
import { ServerClock } from '../sync/server-clock.ts';
import type { BatonFeed, KnownBaton } from './baton-feed.ts';
import { OverdueWatch, type WatchPorts } from './overdue-watch.ts';

const ME = idOf('account', 1);
const OWNER = idOf('account', 2);
const SUPERVISOR = idOf('role', 3);
const MINUTE = 60_000;
const START = 1_000_000;

const facts: BatonFacts = {
  holders: (owner) => [owner === SUPERVISOR ? ME : OWNER],
  allHolders: () => [ME],
  nextDutyChange: () => null,
  memberOf: (owner) => owner as typeof OWNER,
  actsFor: () => true,
  isOwner: () => true,
  isActive: () => true,
  isAdmin: () => false,
  settles: () => false,
  admins: () => [],
  hasSupervisor: () => true,
  supervisor: () => SUPERVISOR,
  boxKeyGen: () => 1,
  opens: () => true,
  unitOf: () => null,
  possibleUnits: () => [],
  inChargeOf: () => false,
  ladder: () => defaultLadders().stat,
  target: () => SUPERVISOR,
};
const state: BatonState = {
  org: idOf('org', 1),
  baton: batonOfMessage(idOf('message', 1), 0),
  n: 0,
  head: new Uint8Array(32),
  at: START,
  conv: idOf('conversation', 1),
  message: idOf('message', 1),
  opener: ME,
  reference: null,
  contract: 'stat',
  addressed: OWNER,
  unit: null,
  openedAt: START,
  deadline: START + 5 * MINUTE,
  withinMs: 5 * MINUTE,
  owner: OWNER,
  status: 'open',
  acknowledged: null,
  ended: null,
  offer: null,
  reached: new Map([[OWNER, 0]]),
  reachedLast: [OWNER],
  clockFrom: START,
  steps: { count: 0, offsetMs: 0, at: START, target: null, skipped: false },
  boxes: [],
};

let now: ReturnType<typeof createManualTime>;
let alarms: AlarmInput[];
let online: boolean;
let known: BatonState;
let watch: OverdueWatch;
let asked: number;

beforeEach(() => {
  now = createManualTime(START);
  alarms = [];
  online = true;
  known = state;
  asked = 0;
  const feed = {
    all: () => [{ state: known }] as KnownBaton[],
    ofMessage: () => [],
    catchUp: async () => {
      asked += 1;
    },
  };
  const ports: Omit<WatchPorts, 'feed' | 'alarms'> = {
    me: ME,
    clock: new ServerClock(now),
    facts: () => facts,
    isOnline: () => online,
    describe: () => ({ owner: 'Dr. Chen', callback: '+1 555 0100' }),
  };
  watch = new OverdueWatch({
    ...ports,
    feed: feed as unknown as BatonFeed,
    alarms: { raise: (input: AlarmInput) => alarms.push(input) } as unknown as WatchPorts['alarms'],
  });
});

/** Looks every ten seconds, as the session does. */
async function pass(minutes: number): Promise<void> {
  for (let tick = 0; tick < minutes * 6; tick++) {
    await now.advance(10_000);
    await watch.tick();
  }
}

describe('the watch over the server', () => {
  it('says so when a step was due for more than two minutes and nothing came', async () => {
    await pass(4);
    expect(alarms).toEqual([]);
    await pass(2);
    expect(asked).toBeGreaterThan(0);
    expect(alarms[0]?.severity).toBe('danger');
    expect(alarms[0]?.sentence).toContain('waits for Dr. Chen. Call +1 555 0100 now');
  });

  it('is quiet where the step comes, and where it is somebody else’s', async () => {
    await pass(4);
    known = { ...state, n: 1, steps: { ...state.steps, count: 1, offsetMs: 3 * MINUTE, at: now.nowMs() } };
    await pass(1);
    expect(alarms).toEqual([]);
    known = { ...state, opener: OWNER };
    await pass(10);
    expect(alarms).toEqual([]);
  });

  it('blames nobody for what happened while this device was away', async () => {
    online = false;
    await pass(10);
    online = true;
    await pass(1);
    expect(alarms).toEqual([]);
  });
});
