import type { DeskThread } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Baton, Owner } from '../api/batons.ts';
import type { CareThread } from '../api/care.ts';
import { idOf } from '../fixtures/ids.ts';
import type { ConversationRow } from '../tables/records.ts';
import {
  personWith,
  QUEUE,
  reachWith,
  recordWith,
  settingsWith,
  TEAM,
  teamRole,
} from './fixtures/practice.ts';
import { countOpen, NOTHING_OPEN } from './open-batons.ts';
import { freshThread } from './thread-acts.ts';
import { byUrgency, standingOf, viewThread } from './thread-view.ts';

const NOW = 1_000_000;
const CONV = idOf('conversation', 1);
const SIDEBAR = idOf('conversation', 2);
const ME = idOf('account', 1);
const MARIA = personWith(2, { name: 'Maria' });
const GONE = personWith(3, { active: false });
const queue: Owner = { kind: 'queue', id: QUEUE, name: 'Patient messages', defaultOwner: teamRole };

const desk = (more: Partial<DeskThread> = {}): DeskThread => ({ ...freshThread(CONV, 'Patient/1'), ...more });
const standing = (stored: DeskThread | null, more: { incomingSeq?: number; isOwed?: boolean } = {}) =>
  standingOf(stored, { incomingSeq: 0, isOwed: false, nowMs: NOW, ...more });

describe('where a conversation stands', () => {
  it('is open until somebody says otherwise', () => {
    expect(standing(null).status).toBe('open');
    expect(standing(desk({ status: 'waiting', upTo: 5 }), { incomingSeq: 5 }).status).toBe('waiting');
  });

  it('is closed only where nothing is owed', () => {
    const closed = desk({ status: 'closed', upTo: 5 });
    expect(standing(closed, { incomingSeq: 5 }).status).toBe('closed');
    expect(standing(closed, { incomingSeq: 5, isOwed: true }).status).toBe('open');
  });

  it('is snoozed until its time, and open then', () => {
    const until = (snoozedUntil: number) => desk({ status: 'waiting', snoozedUntil });
    expect(standing(until(NOW + 1))).toEqual({ status: 'snoozed', snoozedUntil: NOW + 1 });
    expect(standing(until(NOW))).toEqual({ status: 'open', snoozedUntil: null });
  });

  it('is open whenever the patient wrote after it was decided, whatever is stored', () => {
    fc.assert(
      fc.property(
        fc.record({
          status: fc.constantFrom('open' as const, 'waiting' as const, 'closed' as const),
          upTo: fc.nat(50),
          snoozedUntil: fc.option(fc.nat(2 * NOW)),
          later: fc.integer({ min: 1, max: 50 }),
          isOwed: fc.boolean(),
        }),
        ({ status, upTo, snoozedUntil, later, isOwed }) => {
          const stored = desk({ status, upTo, snoozedUntil });
          const now = standing(stored, { incomingSeq: upTo + later, isOwed });
          expect(now).toEqual({ status: 'open', snoozedUntil: null });
        },
      ),
    );
  });
});

const row = (more: Partial<ConversationRow> = {}): ConversationRow => ({
  v: 1,
  conv: CONV,
  kind: 'patient',
  lo: 1,
  hi: 9,
  createdAt: 0,
  lastAt: 500,
  members: [TEAM],
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

function view(more: Partial<Parameters<typeof viewThread>[0]> = {}): CareThread {
  return viewThread({
    row: row(),
    summary: { lastAt: 500, preview: null, unread: 3 },
    reach: reachWith(),
    confidential: false,
    record: null,
    desk: null,
    settings: settingsWith(),
    incomingSeq: 0,
    open: NOTHING_OPEN,
    me: ME,
    nowMs: NOW,
    member: (id) => (id === TEAM ? teamRole : id === MARIA.id ? MARIA : id === GONE.id ? GONE : null),
    person: (id) => (id === MARIA.id ? MARIA : GONE),
    owner: (id) => (id === QUEUE ? queue : id === TEAM ? teamRole : null),
    ...more,
  });
}

describe('a line of the shared inbox', () => {
  it('always says who owes the answer: the open request’s owner, else whom the routing names for its topic', () => {
    expect(view().owner).toBe(queue);
    expect(view({ open: { ...NOTHING_OPEN, owner: MARIA } }).owner).toBe(MARIA);
    const routes = [{ topic: 'bill', location: null, practitioner: null, to: TEAM }];
    const incoming = { seq: 4, at: 1, topic: 'bill', plain: 4, answers: [] };
    const billed = { settings: settingsWith({ routes }), row: row({ incoming }) };
    expect(view(billed)).toMatchObject({ owner: teamRole, topic: 'bill' });
    expect(view({ ...billed, desk: desk({ topic: 'other' }) })).toMatchObject({
      owner: queue,
      topic: 'other',
    });
    // A route to somebody who is no owner any more leads to the default.
    const gone = settingsWith({ routes: [{ topic: null, location: null, practitioner: null, to: GONE.id }] });
    expect(view({ settings: gone }).owner).toBe(queue);
    expect(view({ settings: null }).owner).toBeNull();
  });

  it('forgets an assignee whose account has ended', () => {
    expect(view({ desk: desk({ assignee: MARIA.id }) }).assignee).toBe(MARIA);
    expect(view({ desk: desk({ assignee: TEAM }) }).assignee).toBe(teamRole);
    expect(view({ desk: desk({ assignee: GONE.id }) }).assignee).toBeNull();
  });

  it('says who is answering: somebody else, and only for a while', () => {
    const answering = (account: typeof ME, until: number) =>
      view({ desk: desk({ answering: { account, until } }) }).answering;
    expect(answering(MARIA.id, NOW + 1)).toBe(MARIA);
    expect(answering(MARIA.id, NOW)).toBeNull();
    expect(answering(ME, NOW + 1)).toBeNull();
  });

  it('is deceased where either the registry or the practice says so', () => {
    expect(view().deceased).toBe(false);
    expect(view({ record: recordWith({ deceased: false }) }).deceased).toBe(false);
    expect(view({ record: recordWith({ deceased: '2026-01-01' }) }).deceased).toBe(true);
    expect(view({ reach: reachWith({ deceased: true }) }).deceased).toBe(true);
  });
});

describe('what is owed', () => {
  const baton = (more: Partial<Baton> & { opener: Baton['opener'] }): Baton =>
    ({ conversation: CONV, contract: 'reply', mine: 'none', openedAt: 10, owner: queue, ...more }) as Baton;
  const patient = personWith(8, { kind: 'patient' });
  const count = (...batons: readonly Baton[]) =>
    countOpen(batons, { conversation: CONV, isOutside: (id) => id === patient.id });

  it('counts everything, and lets a patient wait only for what the patient asked', () => {
    expect(count()).toBe(NOTHING_OPEN);
    const counted = count(
      baton({ opener: MARIA, openedAt: 5, mine: 'owe', owner: MARIA }),
      baton({ opener: patient, openedAt: 30, mine: 'owe' }),
      baton({ opener: patient, openedAt: 20, owner: teamRole }),
    );
    expect(counted).toEqual({ all: 3, mine: 2, urgent: false, waitingSince: 20, owner: teamRole });
  });

  it('is urgent with a stat anywhere, the sidebar included, which keeps no patient waiting', () => {
    const counted = count(baton({ opener: patient, conversation: SIDEBAR, contract: 'stat' }));
    expect(counted).toMatchObject({ urgent: true, waitingSince: null, all: 1 });
  });
});

describe('the order of the inbox', () => {
  it('is urgency, then who waits longest, then who wrote last', () => {
    const of = (ref: string, more: Partial<CareThread>): CareThread => ({ ...view(), ref, ...more });
    const threads = [
      of('quiet', { lastAt: 900 }),
      of('late', { waitingSince: 300 }),
      of('stat', { urgent: true, waitingSince: 999 }),
      of('early', { waitingSince: 100 }),
      of('older', { lastAt: 100 }),
    ];
    expect(threads.sort(byUrgency).map(({ ref }) => ref)).toEqual([
      'stat',
      'early',
      'late',
      'quiet',
      'older',
    ]);
  });
});
