import { defaultPolicy } from '@baton/policy';
import { describe, expect, it } from 'vitest';
import type { Baton } from '../api/batons.ts';
import type { Person, Role } from '../api/directory.ts';
import { idOf } from '../fixtures/ids.ts';
import type { ConversationRow } from '../tables/records.ts';
import { describeAsking } from './asking.ts';

const ME = idOf('account', 1);
const OTHER = idOf('account', 2);
const ROLE = idOf('role', 3);
const NOW = 10_000_000;
const HOUR = 3_600_000;

const person = (id: typeof ME, more: Partial<Person> = {}): Person => ({
  kind: 'person',
  id,
  name: id,
  jobs: [],
  active: true,
  keysChanged: null,
  verified: true,
  problem: null,
  fingerprint: '',
  ...more,
});
const role: Role = {
  kind: 'role',
  id: ROLE,
  name: 'On call',
  unit: null,
  use: 'duty',
  keyring: idOf('conversation', 3),
  holders: [],
  heldByMe: false,
};
const row = (more: Partial<ConversationRow> = {}): ConversationRow => ({
  v: 1,
  conv: idOf('conversation', 1),
  kind: 'group',
  lo: 1,
  hi: 0,
  createdAt: 0,
  lastAt: 0,
  members: [],
  closed: false,
  left: false,
  title: null,
  card: null,
  last: null,
  incoming: null,
  openedSeq: 0,
  unread: 0,
  sealedFrom: null,
  frozen: null,
  ...more,
});
const ask = (more: Partial<Parameters<typeof describeAsking>[0]> = {}) =>
  describeAsking({
    row: row(),
    members: [person(ME), person(OTHER), role],
    me: ME,
    policy: defaultPolicy(ROLE),
    answers: [],
    nowMs: NOW,
    ...more,
  });
const said = (at: number) =>
  row({ lastAt: at, last: { seq: 1, id: idOf('message', 1), author: OTHER, text: 'a' } });

describe('what the composer offers', () => {
  it('is FYI alone where no duty supervisor is named', () => {
    expect(ask({ policy: null })).toMatchObject({ available: false, suggested: 'fyi', owners: [] });
  });

  it('is an answer on a message that opens an exchange, and nothing in one that runs', () => {
    expect(ask().suggested).toBe('reply');
    expect(ask({ row: said(NOW - 5000) }).suggested).toBe('fyi');
    expect(ask({ row: said(NOW - 2 * HOUR), nowMs: NOW }).suggested).toBe('reply');
  });

  it.each(['patient', 'sidebar', 'queue'] as const)('is FYI in a conversation that is a %s', (kind) => {
    expect(ask({ row: row({ kind }) })).toMatchObject({ available: true, suggested: 'fyi' });
  });

  it('is nothing for what answers something itself, and for nobody', () => {
    expect(ask({ answers: [{} as Baton] }).suggested).toBe('fyi');
    expect(ask({ members: [person(ME)] }).suggested).toBe('fyi');
  });

  it('names the role first, and neither agents, nor whoever has left, nor oneself', () => {
    const agent = person(idOf('account', 5), { kind: 'agent' });
    const gone = person(idOf('account', 6), { active: false });
    const { owners } = ask({ members: [person(ME), person(OTHER), agent, gone, role] });
    expect(owners.map(({ id }) => id)).toEqual([ROLE, OTHER]);
  });
});
