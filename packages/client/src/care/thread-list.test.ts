import { type ConversationId, encodeUtf8, type TimestampMs } from '@baton/kernel';
import { type TextingValue, textingCodec, textingKey } from '@baton/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CollectionBook, PutRow } from '../collections/collection-book.ts';
import { idOf } from '../fixtures/ids.ts';
import type { ConversationRow } from '../tables/records.ts';
import type { DeskBook } from './desk-book.ts';
import { personWith, reachWith, settingsWith, TEAM, teamRole } from './fixtures/practice.ts';
import { TextingBook } from './texting-book.ts';
import { ThreadList } from './thread-list.ts';

const COLLECTION = idOf('conversation', 60_000);
const THREADS = 1000;

const opaqueKey = (text: string): Uint8Array => {
  const key = new Uint8Array(32);
  key.set(encodeUtf8(text).slice(-32));
  return key;
};

function put(value: TextingValue, more: Partial<PutRow> = {}): PutRow {
  return {
    v: 1,
    key: opaqueKey(textingKey(value)),
    seq: 1,
    ts: 1,
    version: 1,
    hash: new Uint8Array(32),
    del: false,
    value: textingCodec.encode(value),
    raw: null,
    author: null,
    firm: true,
    since: null,
    was: null,
    ...more,
  };
}

function bookOf(rows: readonly PutRow[]): TextingBook {
  const collections = { index: async () => ({ opaqueKey }), list: async () => rows };
  return new TextingBook({ collections: collections as unknown as CollectionBook, changed: () => {} });
}

const row = (index: number): ConversationRow => ({
  v: 1,
  conv: idOf('conversation', index),
  kind: 'patient',
  lo: 1,
  hi: 9,
  createdAt: 0,
  lastAt: index,
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
});

describe('a shared inbox of a thousand conversations', () => {
  let list: ThreadList;
  let made: number;
  let looked: number;
  const rows = new Map<ConversationId, ConversationRow>();

  beforeEach(async () => {
    made = 0;
    looked = 0;
    rows.clear();
    for (let index = 1; index <= THREADS; index++) rows.set(idOf('conversation', index), row(index));
    const reaches = Array.from({ length: THREADS }, (_, index) =>
      put(
        reachWith({
          ref: `Patient/${index + 1}`,
          conversation: idOf('conversation', index + 1),
          sidebar: idOf('conversation', 20_000 + index),
        }),
      ),
    );
    const texting = bookOf([...reaches, put(settingsWith())]);
    await texting.load(COLLECTION);
    list = new ThreadList(
      {
        me: idOf('account', 1),
        soon: (task: () => void) => task(),
        clock: { nowMs: (): TimestampMs => 1000 },
        book: {
          get: (conv: ConversationId) => {
            looked += 1;
            return rows.get(conv) ?? null;
          },
        },
        directory: { person: () => personWith(1), role: () => teamRole, member: () => teamRole },
        batons: { openIn: () => [] },
        owner: () => {
          made += 1;
          return teamRole;
        },
        record: () => null,
      } as unknown as ConstructorParameters<typeof ThreadList>[0],
      { texting, desk: { thread: () => null } as unknown as DeskBook },
    );
  });

  it('is put together once, and after that only where something changed', () => {
    const before = list.threads.read();
    expect(before).toHaveLength(THREADS);
    expect(before[0]?.ref).toBe(`Patient/${THREADS}`);
    list.changedAll();
    expect(list.threads.read()).toBe(before);
    made = 0;
    const changed = idOf('conversation', 7);
    rows.set(changed, { ...row(7), unread: 2, lastAt: 99_999 });
    list.changed(changed);
    const after = list.threads.read();
    expect(made).toBeLessThanOrEqual(2);
    expect(after[0]).toMatchObject({ ref: 'Patient/7', lastAt: 99_999 });
    // What did not change keeps its identity, so that a screen draws it once.
    const same = after.filter((thread) => before.includes(thread));
    expect(same).toHaveLength(THREADS - 1);
  });

  it('looks at each conversation once, however much may have changed before somebody looks', () => {
    list.threads.read();
    made = 0;
    looked = 0;
    for (let round = 0; round < 5; round++) list.changedAll();
    for (let round = 0; round < 5; round++) list.threads.read();
    expect(looked).toBe(THREADS);
    expect(made).toBeLessThanOrEqual(2 * THREADS);
  });

  it('leaves out what this person does not read', () => {
    const conv = idOf('conversation', 3);
    rows.set(conv, { ...row(3), left: true });
    list.changed(conv);
    expect(list.threads.read().some(({ conversation }) => conversation === conv)).toBe(false);
  });
});

describe('the collection as it is read', () => {
  it('takes a value only under its own key, and only a newer one', async () => {
    const reach = reachWith();
    const texting = bookOf([put(reach)]);
    await texting.load(COLLECTION);
    const elsewhere = { key: opaqueKey('reach:Patient/2'), seq: 9 };
    texting.take(COLLECTION, [put({ ...reach, name: 'Somebody else' }, elsewhere)]);
    expect(texting.reach('Patient/1')?.name).toBe('Rosa Martinez');
    texting.take(COLLECTION, [put({ ...reach, name: 'New' }, { seq: 5 })]);
    texting.take(COLLECTION, [put({ ...reach, name: 'Old' }, { seq: 4 })]);
    expect(texting.reach('Patient/1')?.name).toBe('New');
    texting.take(COLLECTION, [put(reach, { seq: 6, del: true, value: null })]);
    expect(texting.reach('Patient/1')).toBeNull();
    expect(texting.place(idOf('conversation', 1))).toBeNull();
  });
});
