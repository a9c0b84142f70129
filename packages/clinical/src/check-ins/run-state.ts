import type { Language } from '@baton/wire';
import type { AlertKind, Band } from './protocol.ts';
import { canonicalJson } from './protocol.ts';

export type RunOutcome = 'open' | 'advised' | 'alerted' | 'silent' | 'ended' | 'held';

/** Which beginning of the slot a run had. */
export type RunStart = 'usual' | 'doses' | 'off' | 'held' | 'stale' | 'last-check' | 'free';

export interface RaisedAlert {
  readonly key: string;
  readonly band: 'amber' | 'red';
  readonly kind: AlertKind;
}

/**
 * Where a dialogue stands: all that `stepRun` needs beside the protocol. Plain JSON of a few kilobytes (`encodeRunState`).
 */
export interface RunState {
  readonly v: 1;
  readonly slot: string;
  readonly date: string;
  readonly language: Language;
  readonly start: RunStart;
  /** Question that is open; null: none. */
  readonly question: string | null;
  /** `waiting`: asked again when the time has come; an answer counts all the same. `unasked`: the patient's own message answers it. */
  readonly phase: 'unasked' | 'asked' | 're-asked' | 'waiting';
  /** An answer to the open question was not understood, and it was asked in other words. */
  readonly unclear: boolean;
  /** Questions that were opened, and those still to come, in the order of the document. */
  readonly asked: readonly string[];
  readonly queue: readonly string[];
  /** `question:code` with how often it was said, where a branch asks for that: here and in the 24 hours before. */
  readonly counts: Readonly<Record<string, number>>;
  /** Items (`Question.item`) with an amber answer on this day, earlier runs' included. */
  readonly ambers: readonly string[];
  readonly band: Band | null;
  /** Alerts of this run by key (`RunAlert.key`). */
  readonly alerts: readonly RaisedAlert[];
  /** Kinds of which an alert of the enrolment was open when it began: not raised again by silence or a stale plan. */
  readonly openKinds: readonly AlertKind[];
  readonly answered: boolean;
  readonly advised: boolean;
  /** The question after an alert was asked. */
  readonly followed: boolean;
  readonly emergency: boolean;
  /** Silent runs in a row before this one. */
  readonly silent: number;
  /** Ends the programme for this patient when it ends. */
  readonly stops: boolean;
  /** Counts what was asked; the due time's name, so that a late timer of an earlier question does nothing. */
  readonly seq: number;
  readonly dueAtMs: number | null;
  readonly settings: Readonly<Record<string, number>>;
  /** Tablets that are due by this run's plan; null: none are. */
  readonly tablets: number | null;
  /** Values of places in texts. */
  readonly fill: Readonly<Record<string, string>>;
  readonly outcome: RunOutcome;
}

/** Canonical JSON, for `CheckInRun.state`. */
export function encodeRunState(state: RunState): string {
  return canonicalJson(state);
}

/** What `encodeRunState` wrote; null for anything else, so that a run of another version is left to people. */
export function decodeRunState(text: string): RunState | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('v' in value) || value.v !== 1) return null;
    return value as RunState;
  } catch {
    return null;
  }
}
