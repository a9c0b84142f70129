import type { Entry } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  account,
  addOp,
  applyIn,
  createOp,
  makeEntry,
  makeOrganisation,
  outcome,
  removeOp,
  role,
  rotateOp,
} from '../fixtures/organisation.ts';
import type { ConversationState } from '../index.ts';

const view = makeOrganisation();
const AUTHORS = ['ana', 'ben', 'cleo', 'charge-nurse'];
const TARGETS = [...AUTHORS.map(account), role('desk')];

/** A replica: takes entries in any order, applies each when its position is next. */
function makeReplica() {
  const waiting = new Map<number, Entry[]>();
  let state: ConversationState | null = null;
  const outcomes: string[] = [];
  return {
    outcomes,
    current: (): ConversationState | null => state,
    receive(entry: Entry): void {
      waiting.set(entry.n, [...(waiting.get(entry.n) ?? []), entry]);
      for (;;) {
        const next = waiting.get(state === null ? 0 : state.n + 1)?.shift();
        if (next === undefined) return;
        const applied = applyIn(view, state, next);
        outcomes.push(outcome(applied));
        if (applied.ok) state = applied.value;
      }
    },
  };
}

const steps = fc.array(
  fc.record({
    author: fc.constantFrom(...AUTHORS),
    what: fc.constantFrom('add', 'add-later', 'remove', 'rotate'),
    target: fc.constantFrom(...TARGETS),
  }),
  { minLength: 1, maxLength: 14 },
);

function opOf(what: string, target: (typeof TARGETS)[number]) {
  if (what === 'rotate') return rotateOp;
  return what === 'remove' ? removeOp([target]) : addOp([target], what === 'add');
}

describe('replicas', () => {
  it('agree on one state whatever the order of arrival, with repeats', () => {
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, dice) => {
        const first = makeEntry({
          view,
          state: null,
          author: 'ana',
          op: createOp('group', [account('ana'), account('ben')]),
        });
        const log = [first];
        const straight = makeReplica();
        straight.receive(first);
        for (const { author, what, target } of list) {
          const entry = makeEntry({ view, state: straight.current(), author, op: opOf(what, target) });
          if (!applyIn(view, straight.current(), entry).ok) continue;
          straight.receive(entry);
          log.push(entry);
        }
        const shuffled = log
          .flatMap((entry) => [entry, entry])
          .map((entry) => [dice.next().value, entry] as const)
          .sort(([a], [b]) => a - b)
          .map(([, entry]) => entry);
        const replica = makeReplica();
        for (const entry of shuffled) replica.receive(entry);
        expect(replica.current()).toEqual(straight.current());
        expect(replica.current()?.n).toBe(log.length - 1);
      }),
      { numRuns: 300 },
    );
  });

  it('let one of several concurrent entries win; the others rebase and follow', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...AUTHORS), { minLength: 2 }), (authors) => {
        const members = AUTHORS.map(account);
        const created = makeEntry({ view, state: null, author: 'ana', op: createOp('group', members) });
        const start = applyIn(view, null, created);
        if (!start.ok) throw new Error(outcome(start));
        const rivals = authors.map((author) =>
          makeEntry({ view, state: start.value, author, op: rotateOp, ts: 1 }),
        );
        let state: ConversationState = start.value;
        for (const [index, rival] of rivals.entries()) {
          const applied = applyIn(view, state, rival);
          expect(outcome(applied)).toBe(index === 0 ? 'ok' : 'conflict.head@n');
          const again = applied.ok
            ? applied
            : applyIn(view, state, makeEntry({ view, state, author: authors[index]!, op: rotateOp }));
          if (!again.ok) throw new Error(outcome(again));
          state = again.value;
        }
        expect(state.n).toBe(authors.length);
        expect(state.gen).toBe(authors.length + 1);
      }),
    );
  });

  it('refuse an entry of another fork at the right position', () => {
    const created = makeEntry({
      view,
      state: null,
      author: 'ana',
      op: createOp('group', ['ana', 'ben'].map(account)),
    });
    const start = applyIn(view, null, created);
    if (!start.ok) throw new Error(outcome(start));
    const [left, right] = ['ana', 'ben'].map((author) => {
      const applied = applyIn(
        view,
        start.value,
        makeEntry({ view, state: start.value, author, op: rotateOp }),
      );
      if (!applied.ok) throw new Error(outcome(applied));
      return applied.value;
    });
    const onRight = makeEntry({ view, state: right!, author: 'ana', op: rotateOp });
    expect(outcome(applyIn(view, left!, onRight))).toBe('ledger.bad_chain@prev');
  });
});
