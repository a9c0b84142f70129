import { spanWords } from '../../../design/words/span-words.ts';

const MINUTE = 60_000;

/** A length of time as it was set, seconds included: what is said of a clock that runs is rounded, a setting is not. */
export function exactSpan(ms: number, locale: string): string {
  if (ms > 0 && ms < 2 * MINUTE && ms % MINUTE !== 0) return `${ms / 1000} s`;
  return spanWords(ms, locale);
}
