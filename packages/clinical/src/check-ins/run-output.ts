import type { Understanding } from '../understanding/understanding.ts';
import type { AlertKind } from './protocol.ts';

/** What asks for an answer, as the page and texts show it (`promptSchema`). */
export interface SayPrompt {
  readonly asks: 'choice' | 'text' | 'number' | 'photo';
  readonly choices: readonly { readonly key: string; readonly label: string }[];
  /** Answers count until then. */
  readonly untilMs: number;
}

/** A text to the patient. `node`: the question or the advice that it is. */
export interface RunSay {
  readonly t: 'say';
  readonly kind: 'ask' | 're-ask' | 'advise' | 'emergency' | 'tell';
  readonly node: string;
  readonly text: string;
  readonly prompt: SayPrompt | null;
}

/** A concern: somebody is asked, with a clock. */
export interface RunAlert {
  readonly t: 'alert';
  /** Unique within the run. */
  readonly key: string;
  readonly band: 'amber' | 'red';
  readonly kind: AlertKind;
  readonly contract: 'stat' | 'reply';
  /** For staff, in words. */
  readonly reason: string;
  /** Line of the protocol that says so. */
  readonly line: string;
  readonly escalation: string;
  readonly to: string;
  /** Owner as the document has it; null: the enrolment's `askTo`, or the site's. */
  readonly owner: string | null;
  /** The patient is called within this time. */
  readonly withinMs: number;
  /** Alerts of this run that this one takes the place of. */
  readonly supersedes: readonly string[];
}

/** An answer as it goes into the run's steps. */
export interface RunNote {
  readonly t: 'note';
  readonly node: string;
  readonly kind: 'answer' | 'unclear';
  readonly value: {
    readonly code: string;
    readonly number: number | null;
    readonly second: number | null;
    readonly unit: string | null;
  } | null;
  readonly grade: number | null;
}

/** Wake the run at this time with `{t: 'due', what}`. A later one takes its place; nothing else is to be kept. */
export interface RunLater {
  readonly t: 'later';
  readonly atMs: number;
  readonly what: string;
}

/** The message that was answered with stays with the person who owes it: its baton is not ended. */
export interface RunLeave {
  readonly t: 'leave';
}

/** What the patient thinks of the alert that was just raised. */
export interface RunUrgency {
  readonly t: 'urgency';
  readonly says: 'urgent' | 'can-wait';
}

export interface RunEnd {
  readonly t: 'end';
  readonly outcome: 'advised' | 'alerted' | 'silent' | 'ended' | 'held';
  /** The programme is over for this patient. */
  readonly stops: boolean;
}

export type RunOut = RunSay | RunAlert | RunNote | RunLater | RunLeave | RunUrgency | RunEnd;

export type RunEvent =
  /** Free text, understood against `openExpectation`. */
  | { readonly t: 'answer'; readonly atMs: number; readonly understood: Understanding }
  /** A button or a letter. */
  | { readonly t: 'choice'; readonly atMs: number; readonly key: string }
  | { readonly t: 'photo'; readonly atMs: number }
  /** What `later` asked for. */
  | { readonly t: 'due'; readonly atMs: number; readonly what: string }
  /** No longer waited for: the next run begins, or the enrolment is paused or ended. */
  | { readonly t: 'close'; readonly atMs: number }
  /** The plan is on hold or stale since it began. */
  | { readonly t: 'plan'; readonly atMs: number; readonly plan: 'held' | 'stale' };
