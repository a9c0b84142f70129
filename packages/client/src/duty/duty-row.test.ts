import type { AccountId, RoleId } from '@baton/kernel';
import { applyRecord, createBatonFacts, type DutyOrg, emptyRecordBook } from '@baton/policy';
import type { RecordBody } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import type { Person, Role } from '../api/directory.ts';
import { idOf } from '../fixtures/ids.ts';
import { describeDuty } from './duty-row.ts';

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2027, 0, 4);
const ROLE: RoleId = idOf('role', 1);
const [ANA, BEN, CLEO] = [1, 2, 3].map((n) => idOf('account', n)) as [AccountId, AccountId, AccountId];
const person = (id: AccountId): Person => ({
  kind: 'person',
  id,
  name: id,
  jobs: ['nurse'],
  active: true,
  verified: true,
  keysChanged: null,
  problem: null,
  fingerprint: '',
});
const keyring = idOf('conversation', 1);
const role: Role = {
  kind: 'role',
  id: ROLE,
  name: 'On call',
  unit: null,
  use: 'duty',
  holders: [ANA, BEN].map(person),
  heldByMe: false,
  keyring,
};
const org: DutyOrg = {
  view: {
    account: () => ({
      kind: 'user',
      active: true,
      jobs: ['nurse'],
      boxKeyGen: 1,
      manifest: null,
      revokedAt: -1,
    }),
    role: () => ({ kind: 'duty', active: true, keyring, keyGen: 1 }),
    custodianGen: 1,
    manifest: () => null,
    schedule: () => null,
    invitation: () => null,
    trustsDutyAgents: false,
  },
  roles: () => [{ role: ROLE, name: 'On call', unit: null, active: true, keyring }],
  keyringMembers: () => [ANA, BEN],
  accounts: () => [ANA, BEN, CLEO],
};

function rowAt(nowMs: number, bodies: readonly RecordBody[]) {
  let book = emptyRecordBook();
  for (const [index, body] of bodies.entries()) {
    const author = idOf('account', 9);
    const hash = new Uint8Array(32).fill(index + 1);
    const signed = { v: 1, t: 'record', org: idOf('org', 1), version: 1, prev: null } as const;
    const record = { ...signed, author, dk: hash, ts: 0, body };
    const actor = {
      account: author,
      jobs: ['it-admin'],
      active: true,
      onDutyIn: () => false,
      inChargeOf: () => false,
    } as const;
    const applied = applyRecord(book, { record, hash, at: 0, pos: index + 1 }, actor);
    if (!applied.ok) throw new Error(applied.error.code);
    book = applied.value;
  }
  const facts = createBatonFacts(book, org);
  const may = { hold: true, schedule: false };
  const { spans, onDuty } = describeDuty({ role, book, org, facts, me: ANA, nowMs, person, may });
  expect(spans.map((span) => span.person)).toEqual(onDuty);
  return spans.map(({ person: { id }, until, by }) => ({
    id,
    until: until && (until - MIDNIGHT) / HOUR,
    by,
  }));
}

const daily = (shifts: readonly (readonly [AccountId, number, number])[]): RecordBody => ({
  kind: 'schedule',
  role: ROLE,
  timeZone: 'UTC',
  weekly: [1, 2, 3, 4, 5, 6, 7].flatMap((day) =>
    shifts.map(([account, from, to]) => ({ day, from: from * 60, to: to * 60, account })),
  ),
  active: true,
});

describe('who is on duty, each until their own time', () => {
  it('by schedule and by cover', () => {
    const plan = daily([
      [ANA, 7, 19],
      [BEN, 7, 15],
    ]);
    const cover: RecordBody = {
      kind: 'cover',
      cover: idOf('event', 1),
      role: ROLE,
      account: CLEO,
      instead: null,
      from: MIDNIGHT + 9 * HOUR,
      until: MIDNIGHT + 13 * HOUR,
      active: true,
    };
    expect(rowAt(MIDNIGHT + 10 * HOUR, [plan, cover])).toEqual([
      { id: ANA, until: 19, by: 'schedule' },
      { id: BEN, until: 15, by: 'schedule' },
      { id: CLEO, until: 13, by: 'cover' },
    ]);
  });

  it('without an end where none is in sight', () => {
    expect(rowAt(MIDNIGHT, [daily([[ANA, 0, 0]])])).toEqual([{ id: ANA, until: null, by: 'schedule' }]);
    expect(rowAt(MIDNIGHT, [])).toEqual([
      { id: ANA, until: null, by: 'keyring' },
      { id: BEN, until: null, by: 'keyring' },
    ]);
  });

  it('through a change of reason: the shift goes on where the cover ends', () => {
    const cover: RecordBody = {
      kind: 'cover',
      cover: idOf('event', 1),
      role: ROLE,
      account: ANA,
      instead: null,
      from: MIDNIGHT + 5 * HOUR,
      until: MIDNIGHT + 7 * HOUR,
      active: true,
    };
    expect(rowAt(MIDNIGHT + 6 * HOUR, [daily([[ANA, 7, 19]]), cover])).toEqual([
      { id: ANA, until: 19, by: 'cover' },
    ]);
  });
});
