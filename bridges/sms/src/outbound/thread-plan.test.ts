import { makeId } from '@baton/kernel';
import type { Reach } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { threadRow } from '../records/rows.ts';
import {
  dueOf,
  EMPTY_THREAD,
  JOIN_MS,
  MOST_WAITING,
  NOTICE_AFTER_MS,
  planned,
  withinBounds,
} from './thread-plan.ts';

const conv = makeId('conversation', new Uint8Array(16).fill(1));
const message = (n: number) => ({
  id: makeId('message', new Uint8Array(16).fill(n)),
  seq: n,
  prompt: null,
  isUrgent: false,
});
const reach = (channel: Reach['channel'], change: Partial<Reach> = {}): Reach =>
  ({ channel, confidential: null, ...change }) as Reach;
const at = 1_000_000;

describe('what a message of staff calls for', () => {
  it('is a notice after ten seconds, one for all that is written meanwhile', () => {
    const place = { conv, reach: reach('link'), at };
    const one = planned(EMPTY_THREAD, message(1), place);
    expect(dueOf(one)).toBe(at + NOTICE_AFTER_MS);
    const two = planned(one, message(2), { ...place, at: at + 5000 });
    expect(dueOf(two)).toBe(at + NOTICE_AFTER_MS);
    expect(two.notice?.messages.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(planned(two, message(2), place)).toEqual(two);
  });

  it('is a notice of its own once the last text is five minutes old, with what is still unread', () => {
    const place = { conv, reach: reach('link'), at };
    const one = planned(EMPTY_THREAD, message(1), place);
    const sent = {
      ...one,
      notice: one.notice && { ...one.notice, texts: 1, lastTextAt: at + 10_000, dueAt: at + 300_000 },
    };
    const soon = planned(sent, message(2), { ...place, at: at + 10_000 + JOIN_MS - 1 });
    expect(soon.notice).toMatchObject({ texts: 1, dueAt: at + 300_000 });
    const later = planned(sent, message(2), { ...place, at: at + 10_000 + JOIN_MS });
    expect(later.notice).toMatchObject({
      texts: 0,
      since: 2,
      dueAt: at + 10_000 + JOIN_MS + NOTICE_AFTER_MS,
    });
    expect(later.notice?.messages.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('is the message itself, in order, for who asked for that', () => {
    const place = { conv, reach: reach('plain'), at };
    const two = planned(planned(EMPTY_THREAD, message(1), place), message(2), place);
    expect(two.plain.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(dueOf(two)).toBe(at);
    expect(planned(two, message(1), place)).toEqual(two);
  });

  it('is nothing for who wants no texts, whom nobody knows, and an adolescent’s own conversation', () => {
    for (const nobody of [reach('none'), null, reach('plain', { confidential: conv })])
      expect(planned(EMPTY_THREAD, message(1), { conv, reach: nobody, at })).toBe(EMPTY_THREAD);
    expect(dueOf(EMPTY_THREAD)).toBeNull();
  });
});

describe('what waits until quiet hours end', () => {
  const MORNING = at + 10 * 3_600_000;
  const LATER = at + 3_600_000;

  it('is judged again with what is written meanwhile, so that an urgent answer is not held up by it', () => {
    const place = { conv, reach: reach('link'), at };
    const one = planned(EMPTY_THREAD, message(1), place);
    const held = { ...one, notice: one.notice && { ...one.notice, dueAt: MORNING, said: 'quiet-hours' } };
    for (const isUrgent of [true, false]) {
      const two = planned(held, { ...message(2), isUrgent }, { ...place, at: LATER });
      expect(two.notice).toMatchObject({ since: 1, texts: 0, dueAt: LATER + NOTICE_AFTER_MS, said: null });
      expect(two.notice?.messages.map(({ seq }) => seq)).toEqual([1, 2]);
    }
  });

  it('does not hide what is behind it', () => {
    const place = { conv, reach: reach('plain'), at };
    const one = planned(EMPTY_THREAD, message(1), place);
    const held = { ...one, plain: one.plain.map((entry) => ({ ...entry, dueAt: MORNING })) };
    expect(dueOf(planned(held, message(2), { ...place, at: LATER }))).toBe(LATER);
  });
});

describe('more than can wait', () => {
  it('is said not to go, the oldest first', () => {
    const place = { conv, reach: reach('plain'), at };
    const many = Array.from({ length: MOST_WAITING + 2 }, (_one, n) => ({
      ...message(1),
      id: makeId(
        'message',
        new Uint8Array(16)
          .fill(1)
          .with(0, n)
          .with(1, n >> 8),
      ),
      seq: n + 1,
    }));
    const all = many.reduce((row, one) => planned(row, one, place), EMPTY_THREAD);
    const { row, surplus } = withinBounds(all);
    expect(surplus).toEqual([many[0]?.id, many[1]?.id]);
    expect(row.plain[0]?.message).toBe(many[2]?.id);
    expect(threadRow.safeParse(row).success).toBe(true);
    expect(withinBounds(row)).toEqual({ row, surplus: [] });
  });
});

describe('an urgent answer', () => {
  it('has a text of its own, however soon it follows another', () => {
    const place = { conv, reach: reach('link'), at };
    const one = planned(EMPTY_THREAD, message(1), place);
    const sent = {
      ...one,
      notice: one.notice && { ...one.notice, texts: 1, lastTextAt: at + 10_000, dueAt: at + 300_000 },
    };
    const urgent = planned(sent, { ...message(2), isUrgent: true }, { ...place, at: at + 20_000 });
    expect(urgent.notice).toMatchObject({ since: 2, texts: 0, dueAt: at + 20_000 + NOTICE_AFTER_MS });
  });
});

describe('a thread of before there were questions', () => {
  it('is read as one without any', () => {
    expect(threadRow.parse({ upTo: 3, run: null, plain: [], notice: null }).asked).toEqual([]);
  });
});
