import { err, ok, type Result } from '@baton/kernel';
import { wordlist } from '@scure/bip39/wordlists/english.js';

/** 2,048 English words (BIP-39): 11 bits each, told apart by their first four letters. */
export const WORDS: readonly string[] = wordlist;
export const BITS_PER_WORD = 11;
const POSITIONS = new Map(WORDS.map((word, position) => [word, position]));
const PREFIXES = new Map(WORDS.map((word) => [word.slice(0, 4), word]));

/** What is wrong with typed words, said so that the person can mend it. Shown to the one who typed them, never logged. */
export type WordsError =
  | { readonly code: 'words.count'; readonly expected: number; readonly found: number }
  /** `at` counts from 1. `suggestion` is the word that was probably meant. */
  | {
      readonly code: 'words.unknown';
      readonly at: number;
      readonly word: string;
      readonly suggestion: string | null;
    }
  /** Every word is known, but they do not belong together: one was mistaken for another, or two changed places. */
  | { readonly code: 'words.checksum' };

/**
 * Reads words that a person typed or pasted: any letter case, any white space, commas, hyphens, list numbers. A word may be cut after its
 * fourth letter. Returns positions in the list.
 */
export function parseWords(text: string, count: number): Result<readonly number[], WordsError> {
  const typed = text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== '');
  const positions: number[] = [];
  for (const [index, word] of typed.entries()) {
    const position =
      POSITIONS.get(word) ?? (word.length === 4 ? POSITIONS.get(PREFIXES.get(word) ?? '') : undefined);
    if (position === undefined) {
      return err({ code: 'words.unknown', at: index + 1, word, suggestion: suggest(word) });
    }
    positions.push(position);
  }
  if (positions.length !== count)
    return err({ code: 'words.count', expected: count, found: positions.length });
  return ok(positions);
}

export function wordsAt(positions: readonly number[]): readonly string[] {
  return positions.map((position) => WORDS[position] as string);
}

/** The only word with the same first four letters, or the only one that is one edit away. */
function suggest(typed: string): string | null {
  const prefixed = PREFIXES.get(typed.slice(0, 4));
  if (prefixed !== undefined) return prefixed;
  const near = WORDS.filter((word) => isOneEditAway(word, typed));
  return near.length === 1 ? (near[0] as string) : null;
}

/** One letter changed, added, left out, or two neighbours swapped. */
function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true;
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}
