import type { Language } from '@baton/wire';
import type { FoundRedFlag } from '../triage/find-red-flags.ts';

/** What a question of a check-in asks for (docs/protocol/programmes.md §5). */
export type ExpectationKind =
  | 'dose'
  | 'wellbeing'
  | 'yes-no'
  | 'count'
  | 'temperature'
  | 'blood-pressure'
  | 'choice'
  | 'urgency'
  | 'photo'
  | 'free';

/** One answer that the question offers: its letter or figure, the code that the protocol branches on, and words that mean it. */
export interface ExpectedChoice {
  readonly key: string;
  readonly code: string;
  readonly words: { readonly en: readonly string[]; readonly es: readonly string[] };
}

/** What an open question expects. `range` bounds what is believed (in `unit`, or in either unit of its kind where that is null). */
export interface Expectation {
  readonly kind: ExpectationKind;
  readonly choices: readonly ExpectedChoice[];
  readonly range: { readonly min: number; readonly max: number } | null;
  readonly unit: string | null;
}

/** As `FoundRedFlag`: rule, version, category, level, place in the text. */
export type RedFlagLike = FoundRedFlag;

/** Understood: what the answer says. `number` is an upper bound where the patient gave a span. */
export interface SureUnderstanding {
  readonly sure: true;
  /** A code of the expectation's choices, or one of its kind (`CODES_OF_KIND`). */
  readonly code: string;
  readonly number: number | null;
  readonly second: number | null;
  readonly unit: string | null;
  /** Symptoms that the patient says they have, beside the answer; denied ones are not among them. */
  readonly symptoms: readonly string[];
  readonly flags: readonly RedFlagLike[];
  /** Which rule read it so. */
  readonly rule: string;
}

/** Not understood well enough to act on: asked back once, then a person is asked. */
export interface UnsureUnderstanding {
  readonly sure: false;
  readonly why: 'nothing' | 'two-meanings' | 'out-of-range';
  readonly symptoms: readonly string[];
  readonly flags: readonly RedFlagLike[];
}

export type Understanding = SureUnderstanding | UnsureUnderstanding;

/** A model that may be asked where the rules are not sure. It is never asked about a reply with red flags, and never replaces a rule that is sure. */
export interface ReplyModel {
  /** Code of the expectation with the model's confidence, 0–1; null: it does not know either. */
  understand(
    text: string,
    expectation: Expectation,
    language: Language,
  ): Promise<{ readonly code: string; readonly confidence: number } | null>;
}
