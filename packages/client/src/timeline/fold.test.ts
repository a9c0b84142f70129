import type { Content } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import type { TimelineMessage } from '../api/conversations.ts';
import type { Person } from '../api/directory.ts';
import { unknownPerson } from '../directory/person.ts';
import { idOf } from '../fixtures/ids.ts';
import type { ItemRow, OutboxRow } from '../tables/records.ts';
import { type FoldInput, foldTimeline } from './fold.ts';

const ME = idOf('account', 1);
const OTHER = idOf('account', 2);
const THIRD = idOf('account', 3);
const TEXTING = idOf('account', 4);
const REMINDERS = idOf('account', 5);
const PATIENT = idOf('account', 6);
const HASH = new Uint8Array(32);

function person(id: typeof ME): Person {
  const kind = id === PATIENT ? 'patient' : [TEXTING, REMINDERS].includes(id) ? 'agent' : 'person';
  return { ...unknownPerson(id), kind, name: id === ME ? 'Me' : id === OTHER ? 'Other' : 'Third' };
}

function row(seq: number, author: typeof ME, content: Content, id = seq): ItemRow {
  return {
    v: 1,
    s: 'message',
    seq,
    batch: seq,
    ts: seq * 1000,
    hash: HASH,
    content,
    header: {
      v: 1,
      t: 'envelope',
      org: idOf('org', 1),
      conv: idOf('conversation', 1),
      gen: 1,
      logN: 0,
      logHead: HASH,
      author,
      dk: HASH,
      ts: seq * 1000,
      salt: HASH,
      last: null,
      id: idOf('message', id),
      as: null,
      class: { kind: content.t, contract: 'fyi', to: [], withinMs: null, replyTo: null },
      blobs: [],
      escalation: null,
    },
  };
}

const said = (text: string): Content => ({
  t: 'message',
  text,
  attachments: [],
  mentions: [],
  quote: null,
  template: null,
  request: null,
});
const edited = (target: number, text: string): Content => ({
  t: 'edit',
  target: idOf('message', target),
  text,
  mentions: [],
});
const withdrawn = (target: number): Content => ({
  t: 'withdrawal',
  target: idOf('message', target),
  reason: null,
});
const reacted = (target: number, on: boolean): Content => ({
  t: 'reaction',
  target: idOf('message', target),
  reaction: 'got-it',
  on,
});

function fold(rows: readonly ItemRow[], more: Partial<FoldInput> = {}) {
  return foldTimeline({
    rows,
    entryAt: () => null,
    isBeforeJoining: () => false,
    waiting: [],
    marks: [],
    addressed: { each: new Set([OTHER]), any: () => true },
    me: ME,
    names: {
      person,
      role: () => null,
      member: (id) => person(id as typeof ME),
      isTexting: (id) => id === TEXTING,
    },
    asks: { batonsOf: () => [], owner: () => null, canGive: () => false, responsibleFor: () => null },
    ...more,
  });
}

const messages = (items: ReturnType<typeof fold>): TimelineMessage[] =>
  items.filter((item): item is TimelineMessage => item.type === 'message');

describe('the timeline', () => {
  it('shows the newest text and keeps the trail', () => {
    const [message] = messages(
      fold([row(1, ME, said('a')), row(2, ME, edited(1, 'b')), row(3, ME, edited(1, 'c'))]),
    );
    expect(message).toMatchObject({
      text: 'c',
      editedAt: 3000,
      edits: [
        { text: 'a', at: 1000 },
        { text: 'b', at: 2000 },
      ],
    });
  });

  it('lets only the author edit and withdraw', () => {
    const [message] = messages(
      fold([row(1, ME, said('a')), row(2, OTHER, edited(1, 'forged')), row(3, OTHER, withdrawn(1))]),
    );
    expect(message).toMatchObject({ text: 'a', editedAt: null, withdrawn: null });
  });

  it('puts no words into the mouth of one who is quoted', () => {
    const quoting = (author: typeof ME, text: string): Content => ({
      ...(said('see below') as Extract<Content, { t: 'message' }>),
      quote: { id: idOf('message', 1), author, text },
    });
    const original = row(1, OTHER, said('Give 10 mg'));
    const quotesOf = (...rows: ItemRow[]) => messages(fold([original, ...rows])).map(({ quote }) => quote);
    const id = idOf('message', 1);
    const truth = { id, author: 'Other', text: 'Give 10 mg' };
    expect(quotesOf(row(2, THIRD, quoting(OTHER, 'Give 100 mg')))[1]).toEqual(truth);
    expect(quotesOf(row(2, THIRD, quoting(ME, 'Give 10 mg')))[1]).toEqual(truth);
    expect(quotesOf(row(2, THIRD, quoting(OTHER, 'Give 10')))[1]).toEqual({ ...truth, text: 'Give 10' });
    const mended = row(2, OTHER, edited(1, 'Give 5 mg'));
    expect(quotesOf(mended, row(3, THIRD, quoting(OTHER, 'Give 5 mg')))[1]).toMatchObject({
      text: 'Give 5 mg',
    });
    const gone = row(2, OTHER, withdrawn(1));
    expect(quotesOf(gone, row(3, THIRD, quoting(OTHER, 'Give 100 mg')))[1]).toMatchObject({ text: '' });
    const unloaded = messages(fold([row(2, THIRD, quoting(OTHER, 'as it was'))]))[0];
    expect(unloaded?.quote).toEqual({ id, author: 'Other', text: 'as it was' });
  });

  it('shows nothing of what was withdrawn, and no edit after it', () => {
    const [message] = messages(
      fold([row(1, ME, said('secret')), row(2, ME, withdrawn(1)), row(3, ME, edited(1, 'again'))]),
    );
    expect(message).toMatchObject({ text: '', edits: [], withdrawn: { at: 2000, by: 'Me' } });
    expect(JSON.stringify(message)).not.toContain('secret');
  });

  it('counts a reaction once for each person and lets it be taken back', () => {
    const rows = [
      row(1, ME, said('a')),
      row(2, OTHER, reacted(1, true)),
      row(3, OTHER, reacted(1, true)),
      row(4, THIRD, reacted(1, true)),
    ];
    expect(messages(fold(rows))[0]?.reactions).toEqual([
      { reaction: 'got-it', people: ['Other', 'Third'], mine: false },
    ]);
    expect(messages(fold([...rows, row(5, OTHER, reacted(1, false))]))[0]?.reactions[0]?.people).toEqual([
      'Third',
    ]);
  });

  it('does not depend on whether the target was loaded before its annotations', () => {
    const later = [row(2, ME, edited(1, 'b')), row(3, OTHER, reacted(1, true))];
    expect(messages(fold(later))).toEqual([]);
    expect(messages(fold([row(1, ME, said('a')), ...later]))[0]).toMatchObject({ text: 'b' });
  });

  it('shows waiting messages at the end, once, and applies waiting edits', () => {
    const waiting = (id: number, content: Content): OutboxRow => ({
      v: 1,
      order: id,
      id: idOf('message', id),
      conv: idOf('conversation', 1),
      createdAt: 9000,
      notBefore: 0,
      class: { kind: content.t, contract: 'fyi', to: [], withinMs: null, replyTo: null },
      as: null,
      content,
      files: [],
      asked: null,
      answers: [],
      attempted: true,
      failure: null,
      committed: null,
    });
    const items = messages(
      fold([row(1, ME, said('a'))], {
        waiting: [waiting(1, said('a')), waiting(7, said('new')), waiting(8, edited(1, 'a!'))],
      }),
    );
    expect(items.map(({ text, state, seq }) => ({ text, state, seq }))).toEqual([
      { text: 'a!', state: 'sent', seq: 1 },
      { text: 'new', state: 'waiting', seq: null },
    ]);
  });

  it('names the receipts and sums up those of members in person', () => {
    const marks = [
      { account: OTHER, delivered: 5, opened: { seq: 1, ts: 7000 } },
      { account: THIRD, delivered: 0, opened: null },
    ];
    const [message] = messages(fold([row(1, ME, said('a'))], { marks }));
    expect(message?.receipts.map(({ person: { name }, state }) => `${name} ${state}`)).toEqual([
      'Other opened',
      'Third sent',
    ]);
    expect(message?.state).toBe('opened');
    const [both] = messages(
      fold([row(1, ME, said('a'))], {
        marks,
        addressed: { each: new Set([OTHER, THIRD]), any: () => true },
      }),
    );
    expect(both?.state).toBe('sent');
  });

  it('shows what could not be opened, and hides what was never meant for this account', () => {
    const sealed: ItemRow = {
      v: 1,
      s: 'sealed',
      seq: 1,
      batch: 1,
      ts: 1,
      hash: HASH,
      raw: new Uint8Array([1]),
    };
    expect(fold([sealed])).toMatchObject([{ type: 'problem', seq: 1 }]);
    expect(fold([sealed], { isBeforeJoining: () => true })).toEqual([]);
    const bad: ItemRow = {
      v: 1,
      s: 'problem',
      seq: 2,
      batch: 1,
      ts: 1,
      hash: HASH,
      k: 'envelope',
      code: 'ledger.bad_signature',
      at: 's',
    };
    expect(fold([bad])).toMatchObject([{ type: 'problem', code: 'ledger.bad_signature' }]);
  });
});

describe('what says that it came by text', () => {
  const via = { channel: 'sms', from: '+16175550101', person: null, segments: 1 } as const;
  const filed = { ...via, filed: idOf('message', 9) };
  const viaOf = (author: typeof ME, marks: { via: typeof via | typeof filed }) =>
    messages(fold([row(1, author, { ...said('Fever'), ...marks })]))[0]?.via;

  it('is the texting assistant’s word, and of no other assistant nor of a patient', () => {
    expect(viaOf(TEXTING, { via })).toEqual(via);
    expect(viaOf(REMINDERS, { via })).toBeNull();
    expect(viaOf(REMINDERS, { via: filed })).toBeNull();
    expect(viaOf(PATIENT, { via: filed })).toBeNull();
  });

  it('is a colleague’s who says which text of the queue it is', () => {
    expect(viaOf(OTHER, { via })).toBeNull();
    expect(viaOf(OTHER, { via: filed })).toEqual(filed);
    expect(viaOf(ME, { via })).toBeNull();
  });
});
