import type { Language } from '@baton/wire';
import type { WordBook } from './patterns.ts';

/** Shortest word that may be misspelt by one letter, and by two. Shorter ones are too near to too many others, but for those on a list. */
const ONE_SLIP = 6;
const TWO_SLIPS = 9;
/** Longest word that is looked at letter by letter, and shortest. */
const LONGEST = 24;
const SHORTEST = 4;

export interface KeyWord {
  readonly word: string;
  readonly language: Language;
}

interface Candidate extends KeyWord {
  readonly letters: number;
  readonly slips: number;
}

/**
 * Finds the key words that a misspelt word may stand for: up to one slip (letter left out, added, changed, or two swapped) from six letters on, two
 * from nine on, the first letter right; short ones only where the content lists them; Spanish ones also by sound (v for b, no h, s for z or c, y
 * for ll). Words of everyday language stand for themselves.
 */
export class Spelling {
  readonly #book: WordBook;
  readonly #plain: ReadonlySet<string>;
  readonly #short: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  /** Key words by first letter and length. */
  readonly #byShape = new Map<string, Candidate[]>();
  readonly #bySound = new Map<string, string[]>();

  constructor(input: {
    readonly book: WordBook;
    readonly keyWords: Iterable<KeyWord>;
    readonly plain: ReadonlySet<string>;
    /** Key words of four or five letters that may be misspelt. */
    readonly short: ReadonlySet<string>;
  }) {
    this.#book = input.book;
    this.#plain = input.plain;
    this.#short = input.short;
    for (const key of input.keyWords) this.#add(key);
  }

  /** Ids of the words that this may be; `language` null: of any language. */
  resolve(word: string, language: Language | null): readonly number[] {
    const known = this.#book.find(word) ?? this.#book.find(single(word));
    if (known !== undefined) return [known];
    if (this.#plain.has(word) || word.length < SHORTEST || word.length > LONGEST) return [];
    const found = new Set<string>();
    if (language !== 'en') for (const near of this.#bySound.get(soundOf(word)) ?? []) found.add(near);
    const letters = lettersOf(word);
    for (let length = word.length - 2; length <= word.length + 2; length += 1) {
      for (const near of this.#byShape.get(shapeOf(word, length)) ?? []) {
        if (language !== null && near.language !== language) continue;
        if (isNear({ word, letters }, near)) found.add(near.word);
      }
    }
    return [...found].map((near) => this.#book.idOf(near));
  }

  #add({ word, language }: KeyWord): void {
    if (this.#seen.has(word) || (word.length < ONE_SLIP && !this.#short.has(word))) return;
    this.#seen.add(word);
    const slips = word.length >= TWO_SLIPS ? 2 : 1;
    push(this.#byShape, shapeOf(word, word.length), { word, language, slips, letters: lettersOf(word) });
    if (language === 'es') push(this.#bySound, soundOf(word), word);
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function shapeOf(word: string, length: number): string {
  return `${word[0] ?? ''}${length}`;
}

/** Double letters as one. */
function single(word: string): string {
  return word.replace(/(.)\1/g, '$1');
}

/** A bit for each letter that is in the word. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
}

function isNear(written: { readonly word: string; readonly letters: number }, meant: Candidate): boolean {
  const { word, slips } = meant;
  if (Math.abs(written.word.length - word.length) > slips) return false;
  // Each slip takes away one letter at most and brings in one.
  if (countBits(written.letters ^ meant.letters) > 2 * slips) return false;
  return distance(written.word, word) <= slips;
}

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}

/** Optimal string alignment: left out, added, changed, swapped. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];
    for (let at = 1; at <= right.length; at += 1) {
      const same = left[row - 1] === right[at - 1] ? 0 : 1;
      let best = Math.min((last[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + same);
      const swapped = left[row - 1] === right[at - 2] && left[row - 2] === right[at - 1];
      if (row > 1 && at > 1 && swapped) best = Math.min(best, (before[at - 2] ?? 0) + 1);
      line.push(best);
    }
    before = last;
    last = line;
  }
  return last[right.length] ?? 0;
}

/** What a Spanish word sounds like in Latin America, so that words written by ear meet. */
export function soundOf(word: string): string {
  return word
    .replace(/ch/g, '#')
    .replace(/h/g, '')
    .replace(/qu(?=[ei])/g, 'k')
    .replace(/gu(?=[ei])/g, 'g')
    .replace(/g(?=[ei])/g, 'j')
    .replace(/c(?=[ei])/g, 's')
    .replace(/x|cs|ks/g, 's')
    .replace(/[cq]/g, 'k')
    .replace(/z/g, 's')
    .replace(/v/g, 'b')
    .replace(/ll/g, 'y')
    .replace(/m(?=[bp])/g, 'n')
    .replace(/i(?=[aeou])/g, 'y')
    .replace(/(.)\1+/g, '$1');
}
