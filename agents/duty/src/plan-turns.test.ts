import type { KeptRole } from '@baton/agent';
import { type AccountId, makeId, type RoleId } from '@baton/kernel';
import type { Cover, Schedule } from '@baton/wire';
import { expect, it } from 'vitest';
import { GRACE_MS, nextLook } from './duty-keeper.ts';
import { planTurns } from './plan-turns.ts';

const id = <K extends 'account' | 'role' | 'event'>(kind: K, n: number) =>
  makeId(kind, new Uint8Array(16).fill(n));
const role: RoleId = id('role', 1);
const [ann, ben, cleo] = [1, 2, 3].map((n) => id('account', n)) as [AccountId, AccountId, AccountId];
const HOUR = 3_600_000;
/** Monday, 5 January 2026, 19:00 UTC. */
const CHANGE = Date.UTC(2026, 0, 5, 19);

const schedule: Schedule = {
  kind: 'schedule',
  role,
  timeZone: 'UTC',
  weekly: [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [
    { day, from: 7 * 60, to: 19 * 60, account: ann },
    { day, from: 19 * 60, to: 7 * 60, account: ben },
  ]),
  active: true,
};
const hash = (n: number) => new Uint8Array(32).fill(n);
const scheduled = { body: schedule, hash: hash(1), at: 0, replacedAt: null };

function keep(input: {
  readonly holders: readonly AccountId[];
  readonly onDuty: readonly AccountId[];
  readonly records?: KeptRole['records'];
  readonly since?: number;
}): KeptRole {
  return {
    role,
    holders: input.holders.map((account) => ({ account, since: input.since ?? 0 })),
    records: input.records ?? [scheduled],
    onDuty: () => input.onDuty,
    nextChange: (atMs) => atMs + HOUR,
  };
}

it('brings in who comes before it lets out who goes, each by the schedule', () => {
  const plan = planTurns(keep({ holders: [ann], onDuty: [ben] }), CHANGE + 60_000);
  expect(plan).toEqual({
    role,
    isUrgent: true,
    turns: [
      { change: 'add', accounts: [ben], because: hash(1) },
      { change: 'remove', accounts: [ann], because: hash(1) },
    ],
  });
});

it('has nothing to do when keys and duty agree, and looks again at the next change', () => {
  const kept = keep({ holders: [ben], onDuty: [ben] });
  expect(planTurns(kept, CHANGE)).toBeNull();
  expect(nextLook(kept, CHANGE)).toEqual({ dueAt: CHANGE + HOUR, step: 'look' });
});

it('waits a moment for a device of theirs where somebody on duty has the keys, and for nobody else', () => {
  const overlap = keep({ holders: [ann, ben], onDuty: [ben] });
  expect(nextLook(overlap, CHANGE + 1)).toEqual({ dueAt: CHANGE + 1 + GRACE_MS, step: 'act' });
  expect(nextLook(keep({ holders: [ann], onDuty: [ben] }), CHANGE + 1)).toEqual({
    dueAt: CHANGE + 1,
    step: 'act',
  });
});

it('plans nothing that no record calls for', () => {
  // Cleo stands in for Ben who is off duty: true for batons, but no record of this role lets an agent hand her the keys.
  expect(planTurns(keep({ holders: [ben], onDuty: [cleo] }), CHANGE + HOUR)).toBeNull();
  // A schedule of which nothing is known any more.
  expect(planTurns(keep({ holders: [ann], onDuty: [ben], records: [] }), CHANGE)).toBeNull();
});

it('names the cover for whom it brings, and lets them out at its end', () => {
  const cover: Cover = {
    kind: 'cover',
    cover: id('event', 1),
    role,
    account: cleo,
    instead: ben,
    from: CHANGE + HOUR,
    until: CHANGE + 3 * HOUR,
    active: true,
  };
  const records = [scheduled, { body: cover, hash: hash(2), at: CHANGE, replacedAt: null }];
  const during = planTurns(keep({ holders: [ben], onDuty: [cleo], records }), CHANGE + HOUR + 1);
  expect(during?.turns).toEqual([
    { change: 'add', accounts: [cleo], because: hash(2) },
    { change: 'remove', accounts: [ben], because: hash(2) },
  ]);
  const after = planTurns(keep({ holders: [cleo], onDuty: [ben], records }), CHANGE + 3 * HOUR + 1);
  expect(after?.turns.map(({ change, accounts }) => [change, accounts])).toEqual([
    ['add', [ben]],
    ['remove', [cleo]],
  ]);

  // Without a schedule the keyring says who holds the role: only who came for the cover goes.
  const lone = [{ body: cover, hash: hash(2), at: CHANGE, replacedAt: null }];
  const end = CHANGE + 3 * HOUR + 1;
  const came = keep({ holders: [cleo, ben], onDuty: [cleo, ben], records: lone, since: CHANGE + HOUR });
  expect(planTurns(came, end)?.turns).toEqual([{ change: 'remove', accounts: [cleo], because: hash(2) }]);
  const was = keep({ holders: [cleo, ben], onDuty: [cleo, ben], records: lone, since: 5 });
  expect(planTurns(was, end)).toBeNull();
});
