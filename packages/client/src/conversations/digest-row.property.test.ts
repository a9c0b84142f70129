import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incomingSeqOf, isSettledBy } from '../care/incoming-seq.ts';
import { idOf } from '../fixtures/ids.ts';
import type { ConversationRow, MessageRow } from '../tables/records.ts';
import { countsAsUnread, digestNewer, digestOlder } from './digest-row.ts';

const NURSE = idOf('account', 1);
const PATIENT = idOf('account', 2);
const AGENT = idOf('account', 3);
const isOutside = (id: string): boolean => id === PATIENT;
const staff = { me: NURSE, isOutside, isText: () => false };

type Made = 'plain' | 'answer' | 'flagged' | 'prompt' | 'staff';

function item(seq: number, what: Made): MessageRow {
  const author = what === 'staff' ? NURSE : what === 'prompt' ? AGENT : PATIENT;
  const answers =
    what === 'answer' || what === 'flagged' ? { prompt: idOf('message', 999), choice: 'C' } : null;
  return {
    s: 'message',
    seq,
    ts: seq,
    header: { id: idOf('message', seq), author },
    content: {
      t: 'message',
      text: what,
      attachments: [],
      ...(answers && { answers }),
      ...(what === 'flagged' && { flags: [{ rule: 'chest-pain', version: '1' }] }),
      ...(what === 'prompt' && { automatic: true, prompt: {} }),
    },
  } as unknown as MessageRow;
}

const EMPTY = {
  incoming: null,
  last: null,
  lo: 1,
  unread: 0,
  openedSeq: 0,
  lastAt: 0,
} as unknown as ConversationRow;
const upTo = (items: readonly MessageRow[], row = EMPTY): ConversationRow =>
  items.reduce((next, one) => digestNewer(next, one, staff), row);
const NOBODY = (): boolean => false;

describe('the newest message from outside', () => {
  it('is what counts as a text, and nothing that only says so', () => {
    const said = (via: boolean): MessageRow => {
      const row = item(1, 'staff');
      return via
        ? ({ ...row, content: { ...row.content, via: { from: '+16175550101' } } } as MessageRow)
        : row;
    };
    expect(digestNewer(EMPTY, said(true), staff).incoming).toBeNull();
    expect(digestNewer(EMPTY, said(true), { ...staff, isText: () => true }).incoming?.seq).toBe(1);
  });

  it('is none where a programme has dealt with it, and every other one is', () => {
    const row = upTo([item(1, 'plain'), item(2, 'answer'), item(3, 'answer'), item(4, 'staff')]);
    expect(row.incoming).toMatchObject({ seq: 3, plain: 1, answers: [{ seq: 2 }, { seq: 3 }] });
    expect(incomingSeqOf(row, NOBODY)).toBe(3);
    expect(incomingSeqOf(row, (id) => id === idOf('message', 3))).toBe(2);
    expect(incomingSeqOf(row, () => true)).toBe(1);
  });

  it('may be anything that is not here', () => {
    const row = { ...upTo([item(41, 'answer')]), lo: 41 };
    expect(incomingSeqOf(row, () => true)).toBe(40);
    const older = digestOlder(row, item(7, 'plain'), staff);
    expect(incomingSeqOf({ ...older, lo: 1 }, () => true)).toBe(7);
  });

  it('counts all where a row of before does not tell them apart', () => {
    const before = { ...EMPTY, incoming: { seq: 9, at: 9, topic: null, plain: null, answers: [] } };
    expect(incomingSeqOf(before, () => true)).toBe(9);
    expect(incomingSeqOf(upTo([item(10, 'answer')], before), () => true)).toBe(9);
  });

  it('is the same in whichever order items come', () => {
    const made = fc.array(fc.constantFrom<Made>('plain', 'answer', 'flagged', 'prompt', 'staff'), {
      maxLength: 30,
    });
    let compared = 0;
    fc.assert(
      fc.property(made, fc.infiniteStream(fc.nat(1000)), fc.nat(30), (kinds, order, split) => {
        const items = kinds.map((what, at) => item(at + 1, what));
        const mixed = items
          .map((one) => ({ one, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const newer = upTo(mixed.slice(split));
        const all = mixed.slice(0, split).reduce((next, one) => digestOlder(next, one, staff), newer);
        expect(all.incoming).toEqual(upTo(items).incoming);
        const newestPlain = kinds.lastIndexOf('plain') + 1;
        expect(incomingSeqOf(all, () => true)).toBe(newestPlain);
        compared += 1;
      }),
    );
    expect(compared).toBeGreaterThan(50);
  });
});

describe('what is settled', () => {
  it('was ended by an automation in all that it asked, and asked something', () => {
    const ended = (reason: 'automation' | 'done' | null) => ({ ended: reason && { reason } }) as never;
    expect(isSettledBy([])).toBe(false);
    expect(isSettledBy([ended('automation')])).toBe(true);
    expect(isSettledBy([ended('automation'), ended('done')])).toBe(false);
    expect(isSettledBy([ended(null)])).toBe(false);
  });
});

describe('what is unread', () => {
  it('is for staff no exchange with a programme, but an emergency in it; for the patient everything', () => {
    const read = (what: Made, me = NURSE) => countsAsUnread(item(5, what), { me, isOutside });
    expect((['plain', 'answer', 'flagged', 'prompt', 'staff'] as const).map((what) => read(what))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
    expect(read('prompt', PATIENT)).toBe(true);
    expect(read('staff', PATIENT)).toBe(true);
  });
});
