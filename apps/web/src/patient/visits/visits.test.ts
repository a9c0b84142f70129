import type { TimelineMessage } from '@baton/client';
import { makeId, type MessageId } from '@baton/kernel';
import type { Prompt } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { promptBook } from '../prompts/prompt-book.ts';
import { calendarFile, calendarUid } from './calendar-file.ts';
import { answerDays, visitsIn, type VisitTimes } from './visit-list.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 20, 18);
const idOf = (n: number): MessageId => makeId('message', new Uint8Array(16).fill(n));
const visit: VisitTimes = {
  start: NOW + DAY,
  end: NOW + DAY + HOUR,
  timeZone: 'America/New_York',
  title: 'Check-up',
  place: 'Room 2',
  state: 'booked',
};
const message = (n: number, more: Partial<TimelineMessage>): TimelineMessage =>
  ({
    type: 'message',
    id: idOf(n),
    seq: n,
    at: NOW - DAY + n,
    text: `message ${n}`,
    state: 'opened',
    withdrawn: null,
    prompt: null,
    answers: null,
    ...more,
  }) as TimelineMessage;
const ask = (n: number, change: Partial<Prompt>, more: Partial<TimelineMessage> = {}) =>
  message(n, {
    prompt: {
      kind: 'reminder',
      about: 'a',
      step: '1d',
      choices: [{ key: 'C', label: 'I will come' }],
      asks: 'choice',
      until: NOW + DAY,
      short: null,
      visit: null,
      ...change,
    },
    ...more,
  });
const answer = (n: number, to: number, choice: string | null, more: Partial<TimelineMessage> = {}) =>
  message(n, { answers: { prompt: idOf(to), choice }, ...more });

describe('visits', () => {
  it('are shown once each, as the newest message says, the next one first', () => {
    const later = { ...visit, start: NOW + 3 * DAY, end: NOW + 3 * DAY + HOUR };
    const old = { ...visit, start: NOW - 3 * DAY, end: NOW - 3 * DAY + HOUR };
    const { coming, past } = visitsIn(
      promptBook([
        ask(1, { visit: old, about: 'old' }),
        ask(2, { visit: later, about: 'later' }),
        ask(3, { visit }),
        answer(4, 3, 'C'),
        ask(5, { visit: { ...visit, state: 'confirmed' } }),
        ask(6, { visit: { ...visit, title: 'offered' }, kind: 'waitlist', about: 'offer' }),
      ]),
      NOW,
    );
    expect(coming.map(({ key, visit: { state }, answer: said }) => [key, state, said])).toEqual([
      ['a', 'confirmed', 'I will come'],
      ['later', 'booked', null],
    ]);
    expect(past.map(({ key }) => key)).toEqual(['old']);
  });

  it('that moved have no answer any more', () => {
    const moved = { ...visit, start: visit.start + DAY, end: visit.end + DAY };
    const { coming } = visitsIn(
      promptBook([ask(3, { visit }), answer(4, 3, 'C'), ask(5, { visit: moved })]),
      NOW,
    );
    expect(coming).toMatchObject([{ visit: moved, answer: null }]);
  });
});

describe('answers', () => {
  it('stand day by day, the newest day first, with what waits and what was not answered', () => {
    const checkIn: Partial<Prompt> = { kind: 'check-in', asks: 'text', choices: [] };
    const days = answerDays(
      promptBook([
        ask(1, { ...checkIn, until: NOW - DAY }, { at: NOW - 2 * DAY }),
        ask(2, checkIn, { at: NOW - DAY }),
        answer(3, 2, null, { text: 'fine', at: NOW - DAY + HOUR }),
        ask(4, checkIn, { at: NOW }),
        ask(5, { visit }, { at: NOW }),
        ask(6, { ...checkIn, asks: 'none' }, { at: NOW }),
      ]),
      NOW,
    );
    expect(days.map(({ answers }) => answers.map(({ state, words }) => [state, words]))).toEqual([
      [['waiting', null]],
      [['answered', 'fine']],
      [['none', null]],
    ]);
  });
});

describe('a file for the phone’s calendar', () => {
  const made = { uid: 'u@baton', nowMs: NOW, practice: 'Harbor; Family, Practice', phone: '555 0100' };
  const file = (change: Partial<VisitTimes> = {}) =>
    calendarFile({ visit: { ...visit, ...change }, at: NOW }, made);

  it('holds the instants, and what the calendar must not take for its own signs', () => {
    const text = file({ title: 'A;B,C\\D\nE', place: null });
    expect(text).toContain('DTSTART:20261121T180000Z\r\nDTEND:20261121T190000Z\r\n');
    expect(text).toContain('SUMMARY:A\\;B\\,C\\\\D\\nE\r\n');
    expect(text).toContain('LOCATION:Harbor\\; Family\\, Practice\r\n');
    expect(text).toContain('STATUS:TENTATIVE');
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  });

  it('has no line of more than 75 octets, and loses no character', () => {
    const title = 'Visita de control con el equipo de salud año tras año, señora 👩‍⚕️ '
      .repeat(3)
      .slice(0, 160);
    const text = file({ title });
    for (const line of text.split('\r\n'))
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    const unfolded = text.replaceAll('\r\n ', '');
    expect(unfolded).toContain(`SUMMARY:${title.replaceAll(',', '\\,')}`);
  });

  it('names the visit by what tells nothing, the same each time', async () => {
    const uid = await calendarUid('c_1', 'hl7v2/123');
    expect(uid).toMatch(/^[0-9a-f]{32}@baton$/);
    expect(await calendarUid('c_1', 'hl7v2/123')).toBe(uid);
    expect(await calendarUid('c_1', 'hl7v2/124')).not.toBe(uid);
  });
});
