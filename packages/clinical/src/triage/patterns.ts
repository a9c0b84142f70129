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
      /** Ids of words that stand one after the other. */
      readonly choices: readonly (readonly number[])[];
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

interface PatternPorts {
  readonly book: WordBook;
  readonly groups: Groups;
  /** Told of every word of the pattern. */
  readonly seen: Set<string>;
}

/** Throws RangeError for a group that does not exist or an element that cannot be read: content is checked by tests before it ships. */
export function compilePattern(source: string, ports: PatternPorts): Pattern {
  return { elements: source.split(' ').map((part) => compileElement(part, source, ports)) };
}

function compileElement(part: string, source: string, { book, groups, seen }: PatternPorts): Element {
  if (part.startsWith('_')) return { t: 'gap', most: Number(part.slice(1)) };
  const optional = part.startsWith('?');
  const choices: number[][] = [];
  const ranges: Range[] = [];
  for (const choice of (optional ? part.slice(1) : part).split('|')) {
    if (choice.startsWith('#')) {
      const [from = Number.NaN, to = Number.NaN] = choice.slice(1).split('-').map(Number);
      if (!(from <= to)) throw new RangeError(`pattern "${source}": ${choice} is no range`);
      ranges.push({ from, to });
      continue;
    }
    const members = choice.startsWith('@') ? groups[choice.slice(1)] : [choice.replaceAll('+', ' ')];
    if (members === undefined) throw new RangeError(`pattern "${source}": no group ${choice}`);
    for (const member of members) {
      const words = member.split(' ');
      for (const word of words) seen.add(word);
      choices.push(words.map((word) => book.idOf(word)));
    }
  }
  return { t: 'one-of', choices, ranges, optional };
}

export interface PatternStart {
  /** Ids of the words with which a match can begin. */
  readonly words: readonly number[];
  readonly canBeNumber: boolean;
}

export function startOf(pattern: Pattern): PatternStart {
  const words: number[] = [];
  let canBeNumber = false;
  for (const element of pattern.elements) {
    if (element.t === 'gap') continue;
    for (const [first] of element.choices) if (first !== undefined) words.push(first);
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

/**
 * End of the shortest match that begins at token `start`, or -1. Works on the set of all positions that are reached at once (a bit each), so that
 * no text makes it slow: at most elements x 30 steps.
 */
export function matchAt(pattern: Pattern, reading: Reading, start: number, until: number): number {
  const reach = Math.min(until - start, SPAN);
  let open = 1;
  for (const element of pattern.elements) {
    open = advance(element, { open, reading, start, reach });
    if (open === 0) return -1;
  }
  return start + (31 - Math.clz32(open & -open));
}

function advance(
  element: Element,
  input: { readonly open: number; readonly reading: Reading; readonly start: number; readonly reach: number },
): number {
  const { open, reading, start, reach } = input;
  if (element.t === 'gap') {
    let all = open;
    let edge = open;
    for (let step = 0; step < element.most && edge !== 0; step += 1) {
      let next = 0;
      for (let at = 0; at < reach; at += 1) {
        if ((edge & (1 << at)) !== 0 && !(reading.walls[start + at] ?? true)) next |= 1 << (at + 1);
      }
      edge = next & ~all;
      all |= next;
    }
    return all;
  }
  let next = element.optional ? open : 0;
  for (let at = 0; at < reach; at += 1) {
    if ((open & (1 << at)) === 0) continue;
    const value = reading.tokens[start + at]?.value ?? null;
    if (value !== null && element.ranges.some(({ from, to }) => value >= from && value <= to)) {
      next |= 1 << (at + 1);
    }
    for (const choice of element.choices) {
      if (at + choice.length > reach) continue;
      if (choice.every((id, step) => reading.ids[start + at + step]?.includes(id) === true)) {
        next |= 1 << (at + choice.length);
      }
    }
  }
  return next;
}
