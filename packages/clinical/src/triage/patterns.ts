import type { Tokens } from './tokens.ts';

/**
 * A pattern is written as elements with spaces between them:
 *
 * - `pain` a word; `pain|ache` one of several, `passed+out|fainted` of several words; `@chest` one of a group
 * - `_4` up to four words of any kind, within the sentence
 * - `?my` a word or group that may be missing
 * - `#38-43` a number in a range, ends included
 */
export interface Pattern {
  readonly elements: readonly Element[];
}

type Element =
  | {
      readonly t: 'one-of';
      /** Ids of single words. */
      readonly words: ReadonlySet<number>;
      /** Ids of words that stand one after the other, two or more. */
      readonly phrases: readonly (readonly number[])[];
      readonly ranges: readonly Range[];
      readonly optional: boolean;
    }
  | { readonly t: 'gap'; readonly most: number };

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Numbers for words, so that a text is compared by number and each word is looked up once. */
export class WordBook {
  readonly #ids = new Map<string, number>();

  idOf(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    const id = this.#ids.size + 1;
    this.#ids.set(word, id);
    return id;
  }

  find(word: string): number | undefined {
    return this.#ids.get(word);
  }

  words(): Iterable<string> {
    return this.#ids.keys();
  }
}

export type Groups = Readonly<Record<string, readonly string[]>>;

/** Reads the patterns of one language. Elements are shared: many patterns have the same. */
export class PatternReader {
  readonly #book: WordBook;
  readonly #groups: Groups;
  readonly #elements = new Map<string, Element>();
  /** Every word that was in a pattern. */
  readonly words = new Set<string>();

  constructor(book: WordBook, groups: Groups) {
    this.#book = book;
    this.#groups = groups;
  }

  /** Throws RangeError for a group that does not exist or an element that cannot be read: content is checked by tests before it ships. */
  read(source: string): Pattern {
    return { elements: source.split(' ').map((part) => this.#element(part, source)) };
  }

  #element(part: string, source: string): Element {
    const known = this.#elements.get(part);
    if (known !== undefined) return known;
    const element: Element = part.startsWith('_')
      ? { t: 'gap', most: Number(part.slice(1)) }
      : this.#oneOf(part, source);
    this.#elements.set(part, element);
    return element;
  }

  #oneOf(part: string, source: string): Element {
    const optional = part.startsWith('?');
    const words = new Set<number>();
    const phrases: number[][] = [];
    const ranges: Range[] = [];
    for (const choice of (optional ? part.slice(1) : part).split('|')) {
      if (choice.startsWith('#')) {
        const [from = Number.NaN, to = Number.NaN] = choice.slice(1).split('-').map(Number);
        if (!(from <= to)) throw new RangeError(`pattern "${source}": ${choice} is no range`);
        ranges.push({ from, to });
        continue;
      }
      const members = choice.startsWith('@') ? this.#groups[choice.slice(1)] : [choice.replaceAll('+', ' ')];
      if (members === undefined) throw new RangeError(`pattern "${source}": no group ${choice}`);
      for (const member of members) {
        const [first = 0, ...more] = member.split(' ').map((word) => this.#idOf(word));
        if (more.length === 0) words.add(first);
        else phrases.push([first, ...more]);
      }
    }
    return { t: 'one-of', words, phrases, ranges, optional };
  }

  #idOf(word: string): number {
    this.words.add(word);
    return this.#book.idOf(word);
  }
}

export interface PatternStart {
  /** Ids of the words with which a match can begin. */
  readonly words: ReadonlySet<number>;
  readonly canBeNumber: boolean;
}

export function startOf(pattern: Pattern): PatternStart {
  const words = new Set<number>();
  let canBeNumber = false;
  for (const element of pattern.elements) {
    if (element.t === 'gap') continue;
    for (const word of element.words) words.add(word);
    for (const [first = 0] of element.phrases) words.add(first);
    canBeNumber ||= element.ranges.length > 0;
    if (!element.optional) break;
  }
  return { words, canBeNumber };
}

/** A text, ready to be compared with patterns. */
export interface Reading extends Tokens {
  /** For each token the ids of the words that it may be; more than one where it is misspelt. */
  readonly ids: readonly (readonly number[])[];
  /** Tokens that no gap passes: what follows them is said of something else. */
  readonly walls: readonly boolean[];
}

/** Longest match, in tokens. */
const SPAN = 30;

/** Where matches may begin, and how far they may go. */
export interface Place {
  readonly start: number;
  /** Tokens from `start` on. */
  readonly reach: number;
  /** A bit for each of them that a gap may pass. */
  readonly open: number;
}

export function placeAt(reading: Reading, start: number, until: number): Place {
  const reach = Math.min(until - start, SPAN);
  let open = 0;
  for (let at = 0; at < reach; at += 1) if (reading.walls[start + at] === false) open |= 1 << at;
  return { start, reach, open };
}

/**
 * End of the shortest match that begins at the place, or -1. Works on the set of all positions that are reached at once (a bit each), so that no
 * text makes it slow: at most elements x 30 steps.
 */
export function matchAt(pattern: Pattern, reading: Reading, place: Place): number {
  let reached = 1;
  for (const element of pattern.elements) {
    reached =
      element.t === 'gap' ? bridge(reached, element.most, place) : step(reached, element, reading, place);
    if (reached === 0) return -1;
  }
  return place.start + lowest(reached);
}

function bridge(reached: number, most: number, { open, reach }: Place): number {
  const inside = 2 ** (reach + 1) - 1;
  let all = reached;
  for (let left = most; left > 0; left -= 1) {
    const next = all | (((all & open) << 1) & inside);
    if (next === all) break;
    all = next;
  }
  return all;
}

function step(
  reached: number,
  element: Extract<Element, { readonly t: 'one-of' }>,
  reading: Reading,
  { start, reach }: Place,
): number {
  const { words, phrases, ranges, optional } = element;
  let next = optional ? reached : 0;
  for (let left = reached; left !== 0; left &= left - 1) {
    const at = lowest(left);
    if (at >= reach) break;
    const token = start + at;
    if (
      reading.ids[token]?.some((id) => words.has(id)) ||
      isInRange(reading.tokens[token]?.value ?? null, ranges)
    ) {
      next |= 1 << (at + 1);
    }
    for (const phrase of phrases) {
      if (at + phrase.length > reach) continue;
      if (phrase.every((id, offset) => reading.ids[token + offset]?.includes(id) === true)) {
        next |= 1 << (at + phrase.length);
      }
    }
  }
  return next;
}

function isInRange(value: number | null, ranges: readonly Range[]): boolean {
  return value !== null && ranges.some(({ from, to }) => value >= from && value <= to);
}

/** Number of the lowest bit that is set. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
