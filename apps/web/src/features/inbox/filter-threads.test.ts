import type { ConversationSummary } from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { filterThreads, neighbourOf } from './filter-threads.ts';

const thread = (id: string, title: string, unread = 0, text = ''): ConversationSummary => ({
  id: id as ConversationId,
  kind: 'group',
  title,
  members: [],
  lastAt: 0,
  preview: text === '' ? null : { author: 'A', text, mine: false },
  unread,
  draft: null,
  closed: false,
  blocked: null,
});
const threads = [
  thread('1', 'María López'),
  thread('2', '4 West', 3, 'Bed 12 is ready'),
  thread('3', 'Team'),
];
const all = { query: '', onlyUnread: false, keep: null };
const ids = (list: readonly ConversationSummary[]): string[] => list.map(({ id }) => id);

describe('the inbox filter', () => {
  it('leaves the list itself alone when nothing is asked', () => {
    expect(filterThreads(threads, all)).toBe(threads);
  });

  it('finds without accents and case, by title and latest message, all words', () => {
    expect(ids(filterThreads(threads, { ...all, query: 'lopez' }))).toEqual(['1']);
    expect(ids(filterThreads(threads, { ...all, query: 'west READY' }))).toEqual(['2']);
    expect(ids(filterThreads(threads, { ...all, query: 'west lopez' }))).toEqual([]);
  });

  it('keeps the open thread when it has just been read', () => {
    expect(ids(filterThreads(threads, { ...all, onlyUnread: true }))).toEqual(['2']);
    expect(ids(filterThreads(threads, { ...all, onlyUnread: true, keep: '3' }))).toEqual(['2', '3']);
  });

  it('walks to the neighbours and stops at the ends', () => {
    expect(neighbourOf(threads, null, 1)?.id).toBe('1');
    expect(neighbourOf(threads, '1', 1)?.id).toBe('2');
    expect(neighbourOf(threads, '1', -1)).toBeNull();
    expect(neighbourOf(threads, '3', 1)).toBeNull();
  });
});
