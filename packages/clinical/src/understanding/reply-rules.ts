import type { Language } from '@baton/wire';
import english from '../../content/understanding/en.json' with { type: 'json' };
import rules from '../../content/understanding/rules.json' with { type: 'json' };
import spanish from '../../content/understanding/es.json' with { type: 'json' };
import type { Groups } from '../triage/patterns.ts';
import type { ExpectationKind } from './understanding.ts';

type Patterns = readonly string[];
type ByName = Readonly<Record<string, Patterns>>;

/** Words that say something about a number, or about how sure the patient is. */
export const MARKS = [
  'hedges',
  'approximate',
  'upper',
  'lower',
  'past',
  'vagueNumber',
  'pulse',
  'systolic',
  'diastolic',
  'over',
  'timeBefore',
  'timeAfter',
  'decimals',
  'half',
  'between',
] as const;
export type Mark = (typeof MARKS)[number];

export interface LanguageReplies extends Readonly<Record<Mark, Patterns>> {
  readonly language: Language;
  readonly groups: Groups;
  /** By kind of question and code; the code `ask` is words that have two meanings. */
  readonly codes: Readonly<Partial<Record<ExpectationKind, ByName>>>;
  /** Count only where nothing else was said. */
  readonly weak: Readonly<Partial<Record<ExpectationKind, ByName>>>;
  readonly symptoms: ByName;
  /** Say nothing of the patient's health. */
  readonly harmless: Patterns;
  readonly negation: Patterns;
  /** "No, just ...": what follows is not denied. */
  readonly noNegation: Patterns;
  readonly units: Readonly<Record<string, readonly string[]>>;
  readonly numerals: Readonly<Record<string, number>>;
  readonly amounts: readonly { readonly pattern: string; readonly value: number }[];
  /** Words that may stand beside an answer and change nothing, with spaces between them; `places` only where a symptom was named. */
  readonly filler: string;
  readonly fillerOf: Readonly<Partial<Record<ExpectationKind, string>>>;
  readonly places: string;
  /** Answers that a comma parts from what follows. */
  readonly answers: string;
  /** Before a number of tablets: those that were due. */
  readonly definite: string;
  /** Beside "once": eleven may be meant. */
  readonly notOnce: string;
  /** After a short answer these begin something new. */
  readonly turns: string;
  readonly plain: string;
  readonly short: string;
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

export interface ReplyRules {
  readonly content: string;
  readonly version: string;
  readonly limits: {
    readonly temperature: { readonly F: Limits; readonly C: Limits };
    readonly systolic: Limits;
    readonly diastolic: Limits;
    readonly pulse: Limits;
  };
  /** Words for what people draw. */
  readonly pictures: Readonly<Record<string, string>>;
  /** What a state of health becomes where a question offers other codes, in order. */
  readonly wellbeing: ByName;
  /** Concerns, gravest first: the one that counts where a reply tells of several. */
  readonly gravest: readonly string[];
  readonly languages: readonly LanguageReplies[];
}

/** The rules as they ship (docs/protocol/programmes.md §5): data, of which the code knows no word. */
export const replyRules: ReplyRules = {
  ...rules,
  languages: [english as unknown as LanguageReplies, spanish as unknown as LanguageReplies],
};

export const UNDERSTANDING_VERSION: string = replyRules.version;
