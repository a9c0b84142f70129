import type { Cue } from '../triage/compiled-rules.ts';
import { type Pattern, PatternReader, startOf, WordBook } from '../triage/patterns.ts';
import { type KeyWord, Spelling } from '../triage/spelling.ts';
import { triageRules } from '../triage/triage-rules.ts';
import { type LanguageReplies, type Mark, MARKS, type ReplyRules } from './reply-rules.ts';
import type { ExpectationKind } from './understanding.ts';

/** What words that were found say. */
export type Said =
  | {
      readonly t: 'code';
      readonly kind: ExpectationKind;
      readonly code: string;
      readonly weak: boolean;
      /** As it is written in the content: what is shown as the rule that was used. */
      readonly source: string;
    }
  | { readonly t: 'symptom'; readonly symptom: string }
  | { readonly t: 'harmless' }
  | { readonly t: 'mark'; readonly mark: Mark }
  | { readonly t: 'amount'; readonly value: number }
  | { readonly t: 'cue'; readonly cue: Cue };

export interface CompiledReply {
  readonly pattern: Pattern;
  readonly said: Said;
}

export interface CompiledReplies {
  readonly rules: ReplyRules;
  readonly book: WordBook;
  readonly spelling: Spelling;
  readonly byFirstWord: ReadonlyMap<number, readonly CompiledReply[]>;
  readonly byNumber: readonly CompiledReply[];
  readonly filler: ReadonlySet<number>;
  readonly fillerOf: ReadonlyMap<ExpectationKind, ReadonlySet<number>>;
  readonly places: ReadonlySet<number>;
  readonly turns: ReadonlySet<string>;
  readonly answers: ReadonlySet<string>;
  readonly definite: ReadonlySet<string>;
  readonly notOnce: ReadonlySet<string>;
  /** Values of number words, and names of units, by word. */
  readonly numerals: ReadonlyMap<string, number>;
  readonly units: ReadonlyMap<string, string>;
  /** Words for pictures, by the picture. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** Context of a symptom: only what denies it. Whoever tells of yesterday's nausea is better heard once too often. */
const CUES: readonly Cue[] = ['negation', 'noNegation', 'stops', 'lists', 'negationAfter'];
/** Shortest harmless word that may be misspelt. */
const LONG_FILLER = 7;

/** Reads the content once. Throws RangeError for content that cannot be read. */
export function compileReplies(rules: ReplyRules): CompiledReplies {
  const book = new WordBook();
  const keyWords: KeyWord[] = [];
  const all: CompiledReply[] = [];
  const filler = new Set<number>();
  const fillerOf = new Map<ExpectationKind, Set<number>>();
  const places = new Set<number>();
  const numerals = new Map<string, number>();
  const units = new Map<string, string>();
  const addWords = (words: string, to: Set<number>): void => {
    for (const word of wordsOf(words)) to.add(book.idOf(word));
  };
  const allWords = (of: (language: LanguageReplies) => string): ReadonlySet<string> =>
    new Set(rules.languages.flatMap((language) => wordsOf(of(language))));
  for (const language of rules.languages) {
    const reader = new PatternReader(book, language.groups);
    all.push(...readPatterns(language, reader));
    for (const word of reader.words) keyWords.push({ word, language: language.language });
    addWords(language.filler, filler);
    addWords(language.places, places);
    for (const [kind, words] of Object.entries(language.fillerOf) as [ExpectationKind, string][]) {
      const set = fillerOf.get(kind) ?? new Set<number>();
      fillerOf.set(kind, set);
      addWords(words, set);
    }
    for (const word of wordsOf(language.filler))
      if (word.length >= LONG_FILLER) keyWords.push({ word, language: language.language });
    for (const [word, value] of Object.entries(language.numerals)) numerals.set(word, value);
    for (const [unit, names] of Object.entries(language.units))
      for (const name of names) units.set(name, unit);
    for (const word of [...numerals.keys(), ...units.keys()]) book.idOf(word);
  }
  all.push(...readCues(book));
  const everyday = [...rules.languages, ...triageRules.languages];
  const plain = new Set(everyday.flatMap((language) => wordsOf(language.plain)));
  const short = new Set(rules.languages.flatMap((language) => wordsOf(language.short)));
  return {
    rules,
    book,
    spelling: new Spelling({ book, keyWords, plain, short }),
    ...index(all),
    filler,
    fillerOf,
    places,
    turns: allWords(({ turns }) => turns),
    answers: allWords(({ answers }) => answers),
    definite: allWords(({ definite }) => definite),
    notOnce: allWords(({ notOnce }) => notOnce),
    numerals,
    units,
    pictures: picturesOf(rules),
  };
}

function* readPatterns(language: LanguageReplies, reader: PatternReader): Iterable<CompiledReply> {
  for (const weak of [false, true]) {
    const kinds = Object.entries(weak ? language.weak : language.codes) as [
      ExpectationKind,
      Readonly<Record<string, readonly string[]>>,
    ][];
    for (const [kind, codes] of kinds) {
      for (const [code, sources] of Object.entries(codes)) {
        for (const source of sources) {
          yield { pattern: reader.read(source), said: { t: 'code', kind, code, weak, source } };
        }
      }
    }
  }
  for (const [symptom, sources] of Object.entries(language.symptoms)) {
    for (const source of sources) yield { pattern: reader.read(source), said: { t: 'symptom', symptom } };
  }
  for (const source of language.harmless) yield { pattern: reader.read(source), said: { t: 'harmless' } };
  for (const mark of MARKS) {
    for (const source of language[mark]) yield { pattern: reader.read(source), said: { t: 'mark', mark } };
  }
  for (const { pattern, value } of language.amounts) {
    yield { pattern: reader.read(pattern), said: { t: 'amount', value } };
  }
  for (const cue of ['negation', 'noNegation'] as const) {
    for (const source of language[cue]) yield { pattern: reader.read(source), said: { t: 'cue', cue } };
  }
}

/** What denies a symptom is what takes a red flag back: one list for both. */
function* readCues(book: WordBook): Iterable<CompiledReply> {
  for (const { groups, cues } of triageRules.languages) {
    const reader = new PatternReader(book, groups);
    for (const cue of CUES) {
      for (const source of cues[cue]) yield { pattern: reader.read(source), said: { t: 'cue', cue } };
    }
  }
}

function wordsOf(list: string): readonly string[] {
  return list.split(' ').filter((word) => word !== '');
}

function picturesOf(rules: ReplyRules): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(rules.pictures).flatMap(([word, pictures]) =>
      [...pictures].map((picture): [string, string] => [picture, word]),
    ),
  );
}

function index(all: readonly CompiledReply[]): Pick<CompiledReplies, 'byFirstWord' | 'byNumber'> {
  const byFirstWord = new Map<number, CompiledReply[]>();
  const byNumber: CompiledReply[] = [];
  for (const compiled of all) {
    const { words, canBeNumber } = startOf(compiled.pattern);
    if (canBeNumber) byNumber.push(compiled);
    for (const id of words) {
      const list = byFirstWord.get(id);
      if (list === undefined) byFirstWord.set(id, [compiled]);
      else list.push(compiled);
    }
  }
  return { byFirstWord, byNumber };
}
