import type { Language } from '@baton/wire';
import english from '../../content/triage/en.json' with { type: 'json' };
import rules from '../../content/triage/rules.json' with { type: 'json' };
import spanish from '../../content/triage/es.json' with { type: 'json' };

/** `emergency`: somebody may be in danger now. `urgent`: a clinician has to look at it today. */
export type RedFlagLevel = 'emergency' | 'urgent';

/** Context in which words of a rule are not said of here and now. */
export type ContextKind = 'negation' | 'history' | 'question' | 'condition' | 'topic' | 'idiom';

export interface TriageSource {
  readonly title: string;
  readonly publisher: string;
  readonly address: string;
}

export interface TriageRule {
  readonly id: string;
  readonly category: string;
  readonly level: RedFlagLevel;
  /** What the rule stands for, for whoever signs it off. */
  readonly about: string;
  /** Keys of `sources`. */
  readonly sources: readonly string[];
  /** Counts only where one of these facts is known of the patient or is in the message. */
  readonly with?: readonly string[];
  /** Contexts that do not take this rule back. */
  readonly despite?: readonly ContextKind[];
}

/** What each context is recognised by: patterns, and what ends or undoes it. */
export interface ContextCues {
  readonly negation: readonly string[];
  /** Look like a negation and are none. */
  readonly noNegation: readonly string[];
  /** End what a negation or a condition reaches. */
  readonly stops: readonly string[];
  /** Carry a negation on over a comma. */
  readonly lists: readonly string[];
  /** Negate what stands before them. */
  readonly negationAfter: readonly string[];
  readonly history: readonly string[];
  readonly question: readonly string[];
  /** The same, standing after what is asked about. */
  readonly questionAfter: readonly string[];
  readonly condition: readonly string[];
  readonly noCondition: readonly string[];
  /** What the message is about is no event: a course, a film, a form. */
  readonly topic: readonly string[];
  /** Say that it is going on now, whatever else the sentence says. */
  readonly now: readonly string[];
  readonly idiom: readonly string[];
}

export interface LanguageRules {
  readonly language: Language;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Patterns of each rule; a rule in parts (`a`, `b`) counts where each part is found. */
  readonly patterns: Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>>;
  /** Patterns of facts that rules ask for. */
  readonly facts: Readonly<Record<string, readonly string[]>>;
  readonly cues: ContextCues;
  /** Words of everyday language that look like key words, with spaces between them. */
  readonly plain: string;
  /** Key words of four or five letters that may be misspelt all the same. */
  readonly short: string;
}

export interface TriageRules {
  readonly content: string;
  readonly version: string;
  readonly sources: Readonly<Record<string, TriageSource>>;
  readonly rules: readonly TriageRule[];
  readonly languages: readonly LanguageRules[];
}

/** The rules as they ship (docs/protocol/patients.md §6): data, of which the code knows no word. */
export const triageRules: TriageRules = {
  ...(rules as unknown as Omit<TriageRules, 'languages'>),
  languages: [english as unknown as LanguageRules, spanish as unknown as LanguageRules],
};

/** Version of the rules, the emergency notice and their sources; a change of any of them is a new one. */
export const TRIAGE_VERSION: string = triageRules.version;
