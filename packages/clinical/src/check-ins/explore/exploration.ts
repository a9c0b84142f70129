/** One line of a dialogue that shows a fault. */
export interface DialogueLine {
  readonly who: 'programme' | 'patient' | 'time' | 'team';
  readonly words: string;
}

export interface ExplorationProblem {
  /** Name of the rule that is broken. */
  readonly rule: string;
  /** Question, branch, text or other part of the document. */
  readonly at: string;
  /** What is wrong, for whoever wrote it. */
  readonly words: string;
  /** How a patient gets there; empty where no dialogue does. */
  readonly dialogue: readonly DialogueLine[];
}

/** What `exploreProtocol` found. It may be signed where there are no problems. */
export interface Exploration {
  /** Different dialogues, from a beginning to an end. */
  readonly paths: number;
  readonly states: number;
  readonly steps: number;
  /** Ends, by what the patient is left with. */
  readonly ends: {
    readonly advice: number;
    readonly task: number;
    readonly reAsk: number;
    readonly end: number;
  };
  readonly problems: readonly ExplorationProblem[];
}

/** What lies on other layers and is asked of whoever explores (`packages/policy` texting). */
export interface ExplorationChecks {
  /** Words that a carrier acts on, in capitals: `CARRIER_WORDS`. */
  readonly carrierWords: ReadonlySet<string>;
  /** Segments that a text takes: `measureText(text).segments`. */
  readonly segmentsOf: (text: string) => number;
}
