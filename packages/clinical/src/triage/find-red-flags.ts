import type { Language } from '@baton/wire';
import { type Compiled, type CompiledRules, compileRules } from './compiled-rules.ts';
import { Context, type FoundCue, type Span } from './context.ts';
import { matchAt, type Reading } from './patterns.ts';
import { cutTokens } from './tokens.ts';
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
  /** The patient's language: what misspelt words are compared with. null: not known. The rules of every language run in any case. */
  readonly language: Language | null;
  /** The patient has chemotherapy, as far as the practice knows. */
  readonly chemotherapy: boolean;
}

let compiled: CompiledRules | null = null;

/**
 * Looks for red flags (docs/protocol/patients.md §6): each rule at most once, in the order of the text. Nothing found says nothing: it is no
 * assurance, and nobody may be told that it is. Takes time linear in the length of the text.
 */
export function findRedFlags(text: string, options: RedFlagOptions): readonly FoundRedFlag[] {
  compiled ??= compileRules(triageRules);
  const { version } = compiled;
  const reading = readText(text, compiled, options.language);
  const hits: RuleHit[] = [];
  const cues: FoundCue[] = [];
  const facts = new Set(options.chemotherapy ? ['chemotherapy'] : []);
  for (const { from, until } of reading.sentences) {
    for (let start = from; start < until; start += 1) {
      for (const { pattern, meaning } of candidates(compiled, reading, start)) {
        const end = matchAt(pattern, reading, start, until);
        if (end <= start) continue;
        if (meaning.t === 'cue') cues.push({ cue: meaning.cue, from: start, until: end });
        else if (meaning.t === 'fact') facts.add(meaning.fact);
        else
          hits.push({
            rule: meaning.rule,
            part: meaning.part,
            parts: meaning.parts,
            from: start,
            until: end,
          });
      }
    }
  }
  if (hits.length === 0) return [];
  const context = new Context(reading, cues);
  const counting = hits.filter(({ rule, from, until }) => {
    if (rule.with !== undefined && !rule.with.some((fact) => facts.has(fact))) return false;
    return context.takesBack({ from, until }, rule.despite ?? []) === null;
  });
  return firstOfEach(counting).map(({ rule, from, until }) => ({
    rule: rule.id,
    version,
    category: rule.category,
    level: rule.level,
    start: reading.tokens[from]?.start ?? 0,
    end: reading.tokens[until - 1]?.end ?? text.length,
  }));
}

interface RuleHit extends Span {
  readonly rule: TriageRule;
  readonly part: number;
  readonly parts: number;
}

function readText(text: string, rules: CompiledRules, language: Language | null): Reading {
  const cut = cutTokens(text);
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

function* candidates(rules: CompiledRules, reading: Reading, start: number): Iterable<Compiled> {
  for (const id of reading.ids[start] ?? []) yield* rules.byFirstWord.get(id) ?? [];
  if (reading.tokens[start]?.value !== null) yield* rules.byNumber;
}

/** Each rule once, where it is first found; one in parts only where every part was found. */
function firstOfEach(hits: readonly RuleHit[]): readonly RuleHit[] {
  const first = new Map<string, { hit: RuleHit; readonly parts: Set<number> }>();
  for (const hit of hits) {
    const known = first.get(hit.rule.id);
    if (known === undefined) first.set(hit.rule.id, { hit, parts: new Set([hit.part]) });
    else known.parts.add(hit.part);
  }
  return [...first.values()].filter(({ hit, parts }) => parts.size === hit.parts).map(({ hit }) => hit);
}
