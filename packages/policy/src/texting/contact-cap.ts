import { DAY_MS, type TimestampMs } from '@baton/kernel';

const WEEK_MS = 7 * DAY_MS;

export interface ContactCap {
  readonly perDay: number;
  readonly perWeek: number;
}

/**
 * When one more text stays within the cap (47 CFR 64.1200(a)(9)(iv): one a day, three a week). Days and weeks roll: in no 24 hours and in no seven
 * times 24 hours are there more, wherever one begins to count; so neither midnight nor a time zone makes room. `contacts` are the times of all texts to the
 * patient over all programmes, with consent or without; answers to a text of theirs are none. Answers `nowMs` where it may go now; null: never (a cap of nothing).
 */
export function whenWithinCap(
  contacts: readonly TimestampMs[],
  nowMs: TimestampMs,
  { perDay, perWeek }: ContactCap,
): TimestampMs | null {
  if (perDay < 1 || perWeek < 1) return null;
  const sorted = [...contacts].sort((a, b) => a - b);
  const freeAfter = (most: number, spanMs: number): TimestampMs => {
    const last = sorted[sorted.length - most];
    return last === undefined ? nowMs : last + spanMs;
  };
  return Math.max(nowMs, freeAfter(perDay, DAY_MS), freeAfter(perWeek, WEEK_MS));
}

/** Contacts older than this count for nothing. */
export const CONTACT_MEMORY_MS = WEEK_MS;
