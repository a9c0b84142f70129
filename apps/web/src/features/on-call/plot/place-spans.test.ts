import type { DutySpan } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { midnights } from '../schedule/zoned-time.ts';
import { placeOf, placeSpans } from './place-spans.ts';

const HOUR = 3_600_000;
const ZONE = 'America/New_York';
const span = (name: string, from: number, until: number): DutySpan => ({
  account: `a_${name}` as AccountId,
  name,
  from,
  until,
  by: 'schedule',
});

describe('where a span is drawn', () => {
  it('gives a day of 25 hours the width of any other', () => {
    const edges = midnights(Date.parse('2026-10-31T12:00:00Z'), 2, ZONE);
    const [, sunday = 0, end = 0] = edges;
    expect(end - sunday).toBe(25 * HOUR);
    expect(placeOf(sunday, edges)).toBe(0.5);
    expect(placeOf(sunday + 12.5 * HOUR, edges)).toBe(0.75);
    expect(placeOf(end + HOUR, edges)).toBe(1);
  });
  it('cuts a night at midnight and says that it goes on', () => {
    const [from = 0, to = 0, after = 0] = midnights(Date.parse('2026-11-20T12:00:00Z'), 2, ZONE);
    const night = span('Ana', to - 5 * HOUR, to + 7 * HOUR);
    const today = placeSpans([night], [from, to]).bars[0];
    const tomorrow = placeSpans([night], [to, after]).bars[0];
    expect(today).toMatchObject({ begins: 19 / 24, ends: 1, from: 'inside', to: 'edge' });
    expect(tomorrow).toMatchObject({ begins: 0, ends: 7 / 24, from: 'edge', to: 'inside' });
  });
  it('puts those who hold a role together one below the other, and reuses a line that is free', () => {
    const edges = [0, 24 * HOUR];
    const { bars, lines } = placeSpans(
      [span('Ana', 0, 8 * HOUR), span('Ben', 4 * HOUR, 12 * HOUR), span('Cem', 8 * HOUR, 24 * HOUR)],
      edges,
    );
    expect(lines).toBe(2);
    expect(bars.map(({ span: { name }, line }) => [name, line])).toEqual([
      ['Ana', 0],
      ['Ben', 1],
      ['Cem', 0],
    ]);
  });
  it('leaves out what lies elsewhere', () => {
    expect(placeSpans([span('Ana', 0, HOUR)], [HOUR, 2 * HOUR]).bars).toEqual([]);
  });
});
