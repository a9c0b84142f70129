import type { Language } from '@baton/wire';
import { type Compiled, type CompiledRules, compileRules } from './compiled-rules.ts';
import { type FoundCue, SentenceContext, type Span } from './context.ts';
import { matchAt, placeAt, type Reading } from './patterns.ts';
import { cutTokens, type Sentence, type Tokens } from './tokens.ts';
import { type RedFlagLevel, type TriageRule, triageRules } from './triage-rules.ts';

/** One rule that was found in a text. It says that these words were there, never what somebody has. */
export interface FoundRedFlag {
  readonly rule: string;
  readonly version: string;
  readonly category: string;
  readonly level: RedFlagLevel;
  /** Where in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

export interface RedFlagOptions {
  /** The patient's language, where a text does not tell its own. null: not known. The rules of every language run in any case. */
  readonly language: Language | null;
  /** The patient has chemotherapy, as far as the practice knows. */
  readonly chemotherapy: boolean;
}

/** Fact that the practice can know of a patient without their saying so. */
const CHEMOTHERAPY = 'chemotherapy';

let compiled: CompiledRules | null = null;

/**
 * Looks for red flags (docs/protocol/patients.md §6): each rule at most once, in the order of the text. Nothing found says nothing: it is no
 * assurance, and nobody may be told that it is. Takes time linear in the length of the text.
 */
export function findRedFlags(text: string, options: RedFlagOptions): readonly FoundRedFlag[] {
  const rules = compiledRules();
  const cut = cutTokens(text);
  const language = guessLanguage(cut, rules) ?? options.language;
  const reading = readWords(cut, rules, language);
  const found = reading.sentences.map((sentence) => searchSentence(sentence, reading, rules));
  if (found.every(({ hits }) => hits.length === 0)) return [];
  const facts = new Set(found.flatMap((sentence) => [...sentence.facts]));
  if (options.chemotherapy) facts.add(CHEMOTHERAPY);
  const counting = found.flatMap((sentence, at) => {
    const known = sentence.hits.filter(({ rule }) => rule.with?.some((fact) => facts.has(fact)) ?? true);
    return known.length === 0 ? [] : takeCounting(known, contextsOf(found, at, reading), language);
  });
  return firstOfEach(counting).map(({ rule, from, until }) => ({
    rule: rule.id,
    version: rules.version,
    category: rule.category,
    level: rule.level,
    start: reading.tokens[from]?.start ?? 0,
    end: reading.tokens[until - 1]?.end ?? text.length,
  }));
}

/** Whether a text speaks of chemotherapy, for a practice that does not know whether the patient has it. */
export function mentionsChemotherapy(text: string): boolean {
  const rules = compiledRules();
  const cut = cutTokens(text);
  const reading = readWords(cut, rules, guessLanguage(cut, rules));
  return reading.sentences.some((sentence) =>
    searchSentence(sentence, reading, rules).facts.has(CHEMOTHERAPY),
  );
}

function compiledRules(): CompiledRules {
  compiled ??= compileRules(triageRules);
  return compiled;
}

interface RuleHit extends Span {
  readonly rule: TriageRule;
  readonly language: Language;
  readonly part: number;
  readonly parts: number;
}

interface FoundInSentence {
  readonly sentence: Sentence;
  readonly hits: readonly RuleHit[];
  readonly cues: readonly (FoundCue & { readonly language: Language })[];
  readonly facts: ReadonlySet<string>;
}

/** The language of which more words are known; null where none is ahead. */
function guessLanguage({ tokens }: Tokens, rules: CompiledRules): Language | null {
  let best: Language | null = null;
  let most = 0;
  for (const [language, words] of rules.words) {
    const count = tokens.reduce((sum, { text }) => sum + (words.has(text) ? 1 : 0), 0);
    if (count === most) best = null;
    if (count > most) [best, most] = [language, count];
  }
  return best;
}

function readWords(cut: Tokens, rules: CompiledRules, language: Language | null): Reading {
  const known = new Map<string, readonly number[]>();
  const ids = cut.tokens.map(({ text: word }) => {
    let found = known.get(word);
    if (found === undefined) {
      found = rules.spelling.resolve(word, language);
      known.set(word, found);
    }
    return found;
  });
  return { ...cut, ids, walls: ids.map((of) => of.some((id) => rules.walls.has(id))) };
}

function searchSentence(sentence: Sentence, reading: Reading, rules: CompiledRules): FoundInSentence {
  const hits: RuleHit[] = [];
  const cues: (FoundCue & { readonly language: Language })[] = [];
  const facts = new Set<string>();
  for (let from = sentence.from; from < sentence.until; from += 1) {
    const place = placeAt(reading, from, sentence.until);
    for (const { pattern, meaning } of startingWith(rules, reading, from)) {
      const until = matchAt(pattern, reading, place);
      if (until <= from) continue;
      if (meaning.t === 'cue') cues.push({ cue: meaning.cue, language: meaning.language, from, until });
      else if (meaning.t === 'fact') facts.add(meaning.fact);
      else hits.push({ ...meaning, from, until });
    }
  }
  return { sentence, hits, cues, facts };
}

function* startingWith(rules: CompiledRules, reading: Reading, token: number): Iterable<Compiled> {
  for (const id of reading.ids[token] ?? []) yield* rules.byFirstWord.get(id) ?? [];
  if (reading.tokens[token]?.value !== null) yield* rules.byNumber;
}

type Contexts = readonly { readonly language: Language; readonly context: SentenceContext }[];

function contextsOf(found: readonly FoundInSentence[], at: number, reading: Reading): Contexts {
  const own = found[at];
  if (own === undefined) return [];
  // From the rules themselves: the list in wire would bring its schemas onto the phone.
  return triageRules.languages.map(({ language }) => {
    const cues = own.cues.filter((cue) => cue.language === language);
    const next = found[at + 1]?.cues.filter((cue) => cue.language === language) ?? [];
    return { language, context: new SentenceContext({ reading, sentence: own.sentence, cues, next }) };
  });
}

/** Of each part of each rule the first that counts. */
function takeCounting(
  hits: readonly RuleHit[],
  contexts: Contexts,
  written: Language | null,
): readonly RuleHit[] {
  const counting = new Map<string, RuleHit>();
  for (const hit of hits) {
    const key = `${hit.rule.id} ${hit.part}`;
    if (counting.has(key)) continue;
    // What stands around words is read in their own language ("no" and "he" are words of both), and in that of the text where it is another.
    const relevant = contexts.filter(({ language }) => language === hit.language || language === written);
    const despite = hit.rule.despite ?? [];
    if (relevant.every(({ context }) => context.takesBack(hit, despite) === null)) counting.set(key, hit);
  }
  return [...counting.values()];
}

/** Each rule once, where it is first found; one in parts only where every part was found. */
function firstOfEach(hits: readonly RuleHit[]): readonly RuleHit[] {
  const first = new Map<string, { readonly hit: RuleHit; readonly parts: Set<number> }>();
  for (const hit of hits) {
    const known = first.get(hit.rule.id);
    if (known === undefined) first.set(hit.rule.id, { hit, parts: new Set([hit.part]) });
    else known.parts.add(hit.part);
  }
  return [...first.values()].filter(({ hit, parts }) => parts.size === hit.parts).map(({ hit }) => hit);
}
