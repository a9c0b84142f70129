import type { Language } from '@baton/wire';
import { type Pattern, PatternReader, startOf, WordBook } from './patterns.ts';
import { type KeyWord, Spelling } from './spelling.ts';
import type { ContextCues, TriageRule, TriageRules } from './triage-rules.ts';

export type Cue = keyof ContextCues;

/** What a pattern that was found says. */
export type Meaning =
  | {
      readonly t: 'rule';
      readonly rule: TriageRule;
      readonly language: Language;
      readonly part: number;
      readonly parts: number;
    }
  | { readonly t: 'cue'; readonly cue: Cue; readonly language: Language }
  | { readonly t: 'fact'; readonly fact: string };

export interface Compiled {
  readonly pattern: Pattern;
  readonly meaning: Meaning;
}

export interface CompiledRules {
  readonly version: string;
  readonly book: WordBook;
  readonly spelling: Spelling;
  /** Patterns by the words with which they can begin. */
  readonly byFirstWord: ReadonlyMap<number, readonly Compiled[]>;
  /** Patterns that can begin with a number. */
  readonly byNumber: readonly Compiled[];
  /** Words that no gap passes. */
  readonly walls: ReadonlySet<number>;
  /** Words that are in the content of each language. */
  readonly words: ReadonlyMap<Language, ReadonlySet<string>>;
}

/** Reads the content once; some milliseconds on an old phone. Throws RangeError for content that cannot be read. */
export function compileRules(content: TriageRules): CompiledRules {
  const book = new WordBook();
  const keyWords: KeyWord[] = [];
  const all: Compiled[] = [];
  const walls = new Set<number>();
  const words = new Map<Language, ReadonlySet<string>>();
  const byId = new Map(content.rules.map((rule) => [rule.id, rule]));
  for (const { language, groups, patterns, facts, cues } of content.languages) {
    const reader = new PatternReader(book, groups);
    words.set(language, reader.words);
    const add = (source: string, meaning: Meaning): void => {
      all.push({ pattern: reader.read(source), meaning });
    };
    for (const [id, listed] of Object.entries(patterns)) {
      const rule = byId.get(id);
      if (rule === undefined) throw new RangeError(`patterns of a rule that does not exist: ${id}`);
      const parts = partsOf(listed);
      parts.forEach((sources, part) => {
        for (const source of sources) add(source, { t: 'rule', rule, language, part, parts: parts.length });
      });
    }
    for (const [cue, sources] of Object.entries(cues) as [Cue, readonly string[]][]) {
      for (const source of sources) add(source, { t: 'cue', cue, language });
    }
    for (const [fact, sources] of Object.entries(facts)) {
      for (const source of sources) add(source, { t: 'fact', fact });
    }
    for (const wall of groups['wall'] ?? []) walls.add(book.idOf(wall));
    for (const word of reader.words) keyWords.push({ word, language });
  }
  const plain = new Set(content.languages.flatMap((language) => language.plain.split(' ')));
  const short = new Set(content.languages.flatMap((language) => language.short.split(' ')));
  return {
    version: content.version,
    book,
    spelling: new Spelling({ book, keyWords, plain, short }),
    walls,
    words,
    ...index(all),
  };
}

function partsOf(listed: readonly string[] | readonly (readonly string[])[]): readonly (readonly string[])[] {
  return typeof listed[0] === 'string'
    ? [listed as readonly string[]]
    : (listed as readonly (readonly string[])[]);
}

function index(all: readonly Compiled[]): Pick<CompiledRules, 'byFirstWord' | 'byNumber'> {
  const byFirstWord = new Map<number, Compiled[]>();
  const byNumber: Compiled[] = [];
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
