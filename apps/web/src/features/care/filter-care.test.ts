import type { CareThread } from '@baton/client';
import { describe, expect, it } from 'vitest';
import { CARE_VIEWS, countIn, filterCare } from './filter-care.ts';

const thread = (name: string, more: Partial<CareThread> = {}): CareThread =>
  ({
    conversation: name,
    sidebar: null,
    ref: name,
    name,
    confidential: false,
    status: 'open',
    assignee: null,
    owner: null,
    topic: null,
    lastAt: 0,
    preview: null,
    unread: 0,
    waitingSince: null,
    owed: { all: 0, mine: 0 },
    urgent: false,
    answering: null,
    snoozedUntil: null,
    channel: 'link',
    language: 'en',
    doNotContact: false,
    deceased: false,
    ...more,
  }) as unknown as CareThread;
const me = { kind: 'person', id: 'me', name: 'Maria' } as unknown as CareThread['assignee'];
const threads = [
  thread('Ana Ruiz', { topic: 'refill' }),
  thread('Ben Hill', { status: 'waiting', assignee: me }),
  thread('Cleo Nuñez', { status: 'snoozed' }),
  thread('Dan Ode', { status: 'closed', owed: { all: 1, mine: 1 } }),
  thread('Eve Fox', { status: 'waiting', urgent: true }),
  thread('Flo Kay', { owed: { all: 1, mine: 1 } }),
];
const mine = new Set(['me']);
const shown = (view: (typeof CARE_VIEWS)[number], query = '', keep: string | null = null) =>
  filterCare(threads, { view, query, mine, keep }).map(({ name }) => name);

describe('the shared inbox', () => {
  it('shows each conversation where it stands, and what is urgent among the open ones', () => {
    expect(shown('open')).toEqual(['Ana Ruiz', 'Eve Fox', 'Flo Kay']);
    expect(shown('mine')).toEqual(['Ben Hill', 'Flo Kay']);
    expect(shown('waiting')).toEqual(['Ben Hill', 'Eve Fox']);
    expect(shown('snoozed')).toEqual(['Cleo Nuñez']);
    expect(shown('closed')).toEqual(['Dan Ode']);
  });

  it('leaves none out of all views', () => {
    const seen = new Set(CARE_VIEWS.flatMap((view) => shown(view)));
    expect(seen.size).toBe(threads.length);
    expect(countIn('open', threads, mine)).toBe(3);
  });

  it('finds by name without accents, and by topic, whatever the view', () => {
    expect(shown('open', 'nunez')).toEqual(['Cleo Nuñez']);
    expect(shown('closed', 'refill')).toEqual(['Ana Ruiz']);
  });

  it('keeps the open thread in its place when it leaves the view', () => {
    expect(shown('open', '', 'Ben Hill')).toContain('Ben Hill');
  });
});
