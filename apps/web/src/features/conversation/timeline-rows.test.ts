import type { Person, TimelineEvent, TimelineItem, TimelineMessage } from '@baton/client';
import type { AccountId, MessageId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { countOthers, layOutTimeline, wasPrepended } from './timeline-rows.ts';

const person = (id: string): Person => ({
  kind: 'person',
  id: id as AccountId,
  name: id,
  jobs: [],
  active: true,
  keysChanged: null,
  verified: true,
  problem: null,
  fingerprint: '',
});
const start = Date.parse('2026-11-20T14:00:00Z');
const minute = 60_000;
const message = (
  id: string,
  author: string,
  at: number,
  more: Partial<TimelineMessage> = {},
): TimelineMessage => ({
  type: 'message',
  id: id as MessageId,
  seq: 1,
  author: person(author),
  mine: author === 'me',
  as: null,
  at,
  contract: 'fyi',
  batons: [],
  ask: null,
  ladderReaders: [],
  template: null,
  request: null,
  via: null,
  topic: null,
  flags: [],
  result: null,
  automatic: false,
  prompt: null,
  answers: null,
  delivery: null,
  state: 'sent',
  failure: null,
  text: id,
  attachments: [],
  mentions: [],
  quote: null,
  edits: [],
  editedAt: null,
  withdrawn: null,
  reactions: [],
  receipts: [],
  ...more,
});
const problem = (id: string, at: number): TimelineItem => ({
  type: 'problem',
  id,
  seq: 1,
  at,
  code: 'ledger.bad_signature',
  sentence: '',
});
const event = (id: string, what: TimelineEvent['what'], at = start): TimelineItem => ({
  type: 'event',
  id,
  seq: 1,
  at,
  what,
  by: person('ana'),
  members: [],
  detail: null,
});
const frame = { locale: 'en', timeZone: 'UTC' };
const shape = (items: readonly TimelineItem[], firstUnread: string | null = null): string[] =>
  layOutTimeline(items, { firstUnread, frame }).map((row) =>
    row.type === 'message' ? `${row.head ? 'head' : 'more'} ${row.message.id}` : row.type,
  );

describe('rows of a transcript', () => {
  it('groups one author within five minutes of the message before', () => {
    const items = [
      message('1', 'ana', start),
      message('2', 'ana', start + 4 * minute),
      message('3', 'ana', start + 8 * minute),
      message('4', 'ana', start + 13 * minute),
      message('5', 'ben', start + 13 * minute),
    ];
    expect(shape(items)).toEqual(['day', 'head 1', 'more 2', 'more 3', 'head 4', 'head 5']);
  });

  it('starts a new group after a day, the unread line and anything that is no message', () => {
    const items = [
      message('1', 'ana', start),
      problem('p', start + minute),
      message('2', 'ana', start + 2 * minute),
      message('3', 'ana', start + 3 * minute),
    ];
    expect(shape(items, '3')).toEqual(['day', 'head 1', 'other', 'head 2', 'unread', 'head 3']);
    const late = Date.parse('2026-11-20T23:59:00Z');
    expect(shape([message('1', 'ana', late), message('2', 'ana', late + 2 * minute)])).toEqual([
      'day',
      'head 1',
      'day',
      'head 2',
    ]);
  });

  it('keeps apart what asks for something from what does not', () => {
    const items = [message('1', 'ana', start), message('2', 'ana', start + minute, { contract: 'stat' })];
    expect(shape(items)).toEqual(['day', 'head 1', 'head 2']);
  });

  it('counts unread messages without my own', () => {
    const items = [message('1', 'ana', start), message('2', 'me', start), message('3', 'ben', start)];
    expect(countOthers(items)).toBe(2);
    const rows = layOutTimeline(items, { firstUnread: '1', frame });
    expect(rows.find((row) => row.type === 'unread')).toMatchObject({ count: 2 });
  });

  it('knows older items from newer ones', () => {
    const [a, b, c] = [message('1', 'x', start), message('2', 'x', start), message('3', 'x', start)];
    expect(wasPrepended([b, c], [a, b, c])).toBe(true);
    expect(wasPrepended([a, b], [a, b, c])).toBe(false);
    expect(wasPrepended(null, [a])).toBe(false);
    expect(wasPrepended([a, b], [a, b])).toBe(false);
  });

  it('folds three and more changes in a row into one line', () => {
    const run = [event('1', 'created'), event('2', 'added'), event('3', 'agent-added')];
    expect(shape(run.slice(0, 2))).toEqual(['day', 'other', 'other']);
    expect(shape([...run, message('4', 'ana', start)])).toEqual(['day', 'changes', 'head 4']);
    const [, changes] = layOutTimeline([...run, event('4', 'rotated')], { firstUnread: null, frame });
    expect(changes).toMatchObject({ key: 'changes 1', events: [...run, { id: '4' }] });
  });

  it('folds nothing over a message, a day or the unread line, and no end of access', () => {
    const [a, b, c] = [event('1', 'created'), event('2', 'added'), event('3', 'added')];
    expect(shape([a, message('m', 'ana', start), b, c])).toEqual([
      'day',
      'other',
      'head m',
      'other',
      'other',
    ]);
    expect(shape([a, b, event('3', 'added', start + 1440 * minute)])).toEqual([
      'day',
      'other',
      'other',
      'day',
      'other',
    ]);
    expect(shape([a, b, c], '2')).toEqual(['day', 'other', 'unread', 'other', 'other']);
    for (const what of ['removed', 'left', 'agent-removed', 'closed'] as const)
      expect(shape([a, b, event('3', what)])).toEqual(['day', 'other', 'other', 'other']);
    expect(shape([a, b, problem('p', start), c])).toEqual(['day', 'other', 'other', 'other', 'other']);
  });

  it('gives every row a key of its own', () => {
    const keys = layOutTimeline([message('1', 'a', start), message('2', 'b', start)], {
      firstUnread: '2',
      frame,
    }).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
