import { readReplyFiles } from '../understanding/read-reply-files.ts';
import { timeUnderstanding } from '../understanding/time-understanding.ts';

export interface UnderstandingFigures {
  readonly replies: number;
  readonly meanMs: number;
  readonly p99Ms: number;
  /** The same replies only cut into words, in small letters and without accents. */
  readonly bareMeanMs: number;
}

const WARM_UPS = 2;

/** All labelled replies, each against its question, by rules. */
export function benchUnderstanding(): UnderstandingFigures {
  const { replies, mean, p99 } = timeUnderstanding();
  return { replies, meanMs: mean, p99Ms: p99, bareMeanMs: cutIntoWords() };
}

function cutIntoWords(): number {
  const texts = readReplyFiles().map(({ text }) => text);
  let tookMs = 0;
  for (let round = 0; round <= WARM_UPS; round += 1) {
    let words = 0;
    const from = performance.now();
    for (const text of texts)
      words += text
        .toLowerCase()
        .normalize('NFD')
        .replace(/\p{M}+/gu, '')
        .split(/[^\p{L}\p{N}]+/u).length;
    tookMs = performance.now() - from;
    if (words === 0) throw new Error('there are no words');
  }
  return tookMs / texts.length;
}
