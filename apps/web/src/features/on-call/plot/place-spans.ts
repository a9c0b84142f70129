import type { DutySpan } from '@baton/client';
import type { TimestampMs } from '@baton/kernel';

/** A span, or the part of it in one day, as a share of the width it is drawn in. */
export interface Bar {
  readonly span: DutySpan;
  readonly begins: number;
  readonly ends: number;
  /** Below which of the bars that run at the same time: 0 is the uppermost. */
  readonly line: number;
  /** The span goes on beyond this edge. */
  readonly from: 'edge' | 'inside';
  readonly to: 'edge' | 'inside';
}

/** Where a moment lies between the midnights, 0 to 1: every day takes the same width, whether it has 23, 24 or 25 hours. */
export function placeOf(at: TimestampMs, midnights: readonly TimestampMs[]): number {
  const days = midnights.length - 1;
  for (let day = 0; day < days; day += 1) {
    const from = midnights[day] ?? 0;
    const to = midnights[day + 1] ?? from;
    if (at < to) return Math.max(0, (day + (at - from) / (to - from)) / days);
  }
  return 1;
}

/** Bars between the first and the last midnight; who holds a role together stands one below the other. */
export function placeSpans(
  spans: readonly DutySpan[],
  midnights: readonly TimestampMs[],
): { readonly bars: readonly Bar[]; readonly lines: number } {
  const first = midnights[0] ?? 0;
  const last = midnights.at(-1) ?? first;
  const ends: TimestampMs[] = [];
  const bars = spans
    .filter((span) => span.until > first && span.from < last)
    .toSorted((a, b) => a.from - b.from || a.until - b.until)
    .map((span): Bar => {
      const free = ends.findIndex((end) => end <= span.from);
      const line = free < 0 ? ends.length : free;
      ends[line] = span.until;
      return {
        span,
        begins: placeOf(span.from, midnights),
        ends: placeOf(span.until, midnights),
        line,
        from: span.from < first ? 'edge' : 'inside',
        to: span.until > last ? 'edge' : 'inside',
      };
    });
  return { bars, lines: Math.max(1, ends.length) };
}
