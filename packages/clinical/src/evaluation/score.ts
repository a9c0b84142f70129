import type { FoundRedFlag } from '../triage/find-red-flags.ts';
import { NO_FLAG, type Sample } from './samples.ts';

/** A share with its 95 % interval. */
export interface Share {
  readonly hits: number;
  readonly of: number;
  /** 0 where `of` is 0. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/** Wilson's score interval (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212): honest for few and for extreme shares. */
export function shareOf(hits: number, of: number): Share {
  if (of === 0) return { hits, of, value: 0, low: 0, high: 1 };
  const value = hits / of;
  const weight = 1 + (Z * Z) / of;
  const middle = (value + (Z * Z) / (2 * of)) / weight;
  const half = (Z / weight) * Math.sqrt((value * (1 - value)) / of + (Z * Z) / (4 * of * of));
  return { hits, of, value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

export interface Score {
  /** Of the messages that tell of an emergency, those in which any rule was found. */
  readonly sensitivity: Share;
  /** Of the others, those in which none was. */
  readonly specificity: Share;
  /** Of those found, the share in which a rule of the expected category was among them. */
  readonly named: Share;
  readonly byCategory: ReadonlyMap<string, Share>;
  readonly missed: readonly Sample[];
  readonly falseAlarms: readonly { readonly sample: Sample; readonly rules: readonly string[] }[];
}

/** Counts what `find` finds. A message counts as found whatever the category: the alarm is the same. */
export function scoreSamples(
  samples: readonly Sample[],
  find: (sample: Sample) => readonly FoundRedFlag[],
): Score {
  const missed: Sample[] = [];
  const falseAlarms: { sample: Sample; rules: string[] }[] = [];
  const counts = new Map<string, { found: number; all: number }>();
  let named = 0;
  for (const sample of samples) {
    const flags = find(sample);
    const count = counts.get(sample.category) ?? { found: 0, all: 0 };
    const isRight = sample.category === NO_FLAG ? flags.length === 0 : flags.length > 0;
    counts.set(sample.category, { found: count.found + (isRight ? 1 : 0), all: count.all + 1 });
    if (flags.some(({ category }) => category === sample.category)) named += 1;
    if (isRight) continue;
    if (sample.category === NO_FLAG) falseAlarms.push({ sample, rules: flags.map(({ rule }) => rule) });
    else missed.push(sample);
  }
  const calm = counts.get(NO_FLAG) ?? { found: 0, all: 0 };
  const positives = [...counts].filter(([category]) => category !== NO_FLAG);
  const found = positives.reduce((sum, [, count]) => sum + count.found, 0);
  const all = positives.reduce((sum, [, count]) => sum + count.all, 0);
  return {
    sensitivity: shareOf(found, all),
    specificity: shareOf(calm.found, calm.all),
    named: shareOf(named, found),
    byCategory: new Map(positives.map(([category, count]) => [category, shareOf(count.found, count.all)])),
    missed,
    falseAlarms,
  };
}
