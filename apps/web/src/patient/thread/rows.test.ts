import type { TimelineEvent, TimelineItem, TimelineMessage } from '@baton/client';
import { makeId } from '@baton/kernel';
import { expect, test } from 'vitest';
import { rowsOf } from './rows.ts';

const id = (byte: number) => makeId('account', new Uint8Array(16).fill(byte));
const ME = id(1);
const MINUTE = 60_000;
/** Noon of a day in every time zone that a test runs in. */
const NOON = Date.UTC(2026, 10, 20, 12);

function message(key: string, by: number, minutes: number): TimelineItem {
  return {
    type: 'message',
    id: key,
    seq: 1,
    at: NOON + minutes * MINUTE,
    author: { id: id(by) },
    as: null,
    via: null,
    automatic: false,
  } as unknown as TimelineMessage;
}

function event(what: TimelineEvent['what'], of: number): TimelineItem {
  return {
    type: 'event',
    id: `${what} ${of}`,
    seq: 2,
    at: NOON,
    what,
    members: [{ id: id(of) }],
  } as unknown as TimelineEvent;
}

const kinds = (items: readonly TimelineItem[], firstUnread: string | null = null) =>
  rowsOf({ items, firstUnread }, ME).map((row) =>
    row.t === 'message' ? `${row.key}${row.first ? ' named' : ''}` : row.t,
  );

test('an author is named once for a run, and again after a pause, a day or what is new', () => {
  const run = [message('a', 2, 0), message('b', 2, 5), message('c', 2, 30), message('d', 3, 31)];
  expect(kinds(run)).toEqual(['day', 'a named', 'b', 'c named', 'd named']);
  expect(kinds([message('a', 2, 0), message('b', 2, 5)], 'b')).toEqual(['day', 'a named', 'new', 'b named']);
  expect(kinds([event('rotated', 2), message('a', 2, 0)], 'rotated 2')).toEqual(['day', 'new', 'a named']);
  expect(kinds([message('a', 2, 0), message('b', 2, 2 * 24 * 60)])).toEqual([
    'day',
    'a named',
    'day',
    'b named',
  ]);
});

test('of what happens to members only who else reads is told', () => {
  expect(kinds([event('created', 2), event('rotated', 2), event('policy', 2), event('added', 1)])).toEqual(
    [],
  );
  expect(kinds([event('added', 2), event('agent-added', 3), event('left', 2)])).toEqual([
    'day',
    'event',
    'event',
    'event',
  ]);
});

test('the words for closed hours stand under what was written then', () => {
  const items = [message('a', 1, 0), message('b', 1, 1), message('c', 2, 2)];
  const rows = rowsOf({ items, firstUnread: null }, ME, new Set(['a']));
  expect(rows.map(({ key }) => key)).toEqual([expect.any(String), 'a', 'closed a', 'b', 'c']);
});
