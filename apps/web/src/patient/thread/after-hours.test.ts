import type { TimelineItem, TimelineMessage } from '@baton/client';
import { expect, test } from 'vitest';
import { afterHoursUnder } from './after-hours.ts';

const weekdays = [1, 2, 3, 4, 5].map((day) => ({ day, from: 8 * 60, to: 17 * 60 }));
const card = { hours: { timeZone: 'America/New_York', open: weekdays } };
/** Friday, 20 November 2026, by the clock of New York (UTC-5). */
const friday = (hour: number, minute = 0): number => Date.UTC(2026, 10, 20, hour + 5, minute);

const message = (id: string, at: number, more: Partial<TimelineMessage> = {}): TimelineItem =>
  ({
    type: 'message',
    id,
    at,
    mine: true,
    via: null,
    answers: null,
    flags: [],
    contract: 'reply',
    state: 'sent',
    withdrawn: null,
    ...more,
  }) as unknown as TimelineMessage;
const under = (...items: readonly TimelineItem[]) => [...afterHoursUnder(items, card)];

test('the first message out of hours is answered, and no other for fifteen minutes', () => {
  expect(under(message('open', friday(16, 59)), message('closed', friday(17)))).toEqual(['closed']);
  expect(
    under(
      message('a', friday(20)),
      message('b', friday(20, 5)),
      message('c', friday(20, 14)),
      message('d', friday(20, 15)),
      message('e', friday(20, 29)),
    ),
  ).toEqual(['a', 'd']);
});

test('an answer of staff in between does not bring it back sooner', () => {
  expect(
    under(
      message('a', friday(20)),
      message('theirs', friday(20, 1), { mine: false }),
      message('b', friday(20, 2)),
    ),
  ).toEqual(['a']);
});

test('what has another answer, or did not go out, has none', () => {
  const via = { channel: 'sms', from: '+16175550123', person: null } as unknown as TimelineMessage['via'];
  expect(
    under(
      message('theirs', friday(20), { mine: false }),
      message('text', friday(20), { via }),
      message('urgent', friday(20), { contract: 'stat' }),
      message('flagged', friday(20), { flags: [{}] as unknown as TimelineMessage['flags'] }),
      message('answer', friday(20), { answers: {} as TimelineMessage['answers'] }),
      message('failed', friday(20), { state: 'failed' }),
      message('taken back', friday(20), { withdrawn: { at: friday(21), by: '', reason: null } }),
      message('after all these', friday(20, 1)),
    ),
  ).toEqual(['after all these']);
});

test('a practice that states no hours, or that is not known yet, is not closed', () => {
  const items = [message('a', friday(3))];
  expect([...afterHoursUnder(items, null)]).toEqual([]);
  expect([...afterHoursUnder(items, { hours: { ...card.hours, open: [] } })]).toEqual([]);
});
