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

/**
 * Finds the key words that a misspelt word may stand for: up to one slip (letter left out, added, changed, or two swapped) from six letters on, two from nine on, the
 * first letter right; short ones only where the content lists them; Spanish ones also by sound (v for b, no h, s for z or c, y for ll). Words of everyday language stand for themselves.
 */
export class Spelling {
  readonly #book: WordBook;
  readonly #plain: ReadonlySet<string>;
  readonly #languageOf = new Map<string, Language>();
  /** Key words by what is left when one or two letters are taken out. */
  readonly #shortened = new Map<string, string[]>();
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
    for (const { word, language } of input.keyWords) {
      if (this.#languageOf.has(word)) continue;
      this.#languageOf.set(word, language);
      if (word.length < ONE_SLIP && !input.short.has(word)) continue;
      if (language === 'es') push(this.#bySound, soundOf(word), word);
      for (const short of shortenings(word)) push(this.#shortened, short, word);
    }
  }

  /** Ids of the words that this may be; `language` null: of any language. */
  resolve(word: string, language: Language | null): readonly number[] {
    const known = this.#book.find(word) ?? this.#book.find(single(word));
    if (known !== undefined) return [known];
    if (this.#plain.has(word) || word.length < SHORTEST || word.length > LONGEST) return [];
    const found = new Set<string>();
    if (language !== 'en') for (const near of this.#bySound.get(soundOf(word)) ?? []) found.add(near);
    for (const short of shortenings(word)) {
      for (const near of this.#shortened.get(short) ?? []) {
        const fits = language === null || this.#languageOf.get(near) === language;
        if (fits && isNear(word, near)) found.add(near);
      }
    }
    return [...found].map((near) => this.#book.idOf(near));
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Double letters as one. */
function single(word: string): string {
  return word.replace(/(.)\1/g, '$1');
}

function slipsOf(length: number): number {
  return length >= TWO_SLIPS ? 2 : 1;
}

/** The word itself and every way to leave out as many letters as it may have slips. */
function shortenings(word: string): Set<string> {
  const all = new Set([word]);
  let edge = [word];
  for (let slips = slipsOf(word.length); slips > 0; slips -= 1) {
    const next: string[] = [];
    for (const from of edge) {
      for (let at = 0; at < from.length; at += 1) {
        const short = from.slice(0, at) + from.slice(at + 1);
        if (all.has(short)) continue;
        all.add(short);
        next.push(short);
      }
    }
    edge = next;
  }
  return all;
}

function isNear(written: string, meant: string): boolean {
  if (written[0] !== meant[0]) return false;
  return distance(written, meant) <= slipsOf(meant.length);
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
