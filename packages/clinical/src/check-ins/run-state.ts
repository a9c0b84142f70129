import type { Language } from '@baton/wire';
import { z } from 'zod';
import { ALERT_KINDS, type AlertKind, type Band, BANDS, canonicalJson } from './protocol.ts';

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
  /** `countKey` with how often it was said, where a branch asks for that. */
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

const kind = z.enum(ALERT_KINDS);
const texts = z.record(z.string(), z.string());
const numbers = z.record(z.string(), z.number());

const runStateSchema = z.strictObject({
  v: z.literal(1),
  slot: z.string(),
  date: z.string(),
  language: z.enum(['en', 'es']),
  start: z.enum(['usual', 'doses', 'off', 'held', 'stale', 'last-check', 'free']),
  question: z.string().nullable(),
  phase: z.enum(['unasked', 'asked', 're-asked', 'waiting']),
  unclear: z.boolean(),
  asked: z.array(z.string()),
  queue: z.array(z.string()),
  counts: numbers,
  ambers: z.array(z.string()),
  band: z.enum(BANDS).nullable(),
  alerts: z.array(z.strictObject({ key: z.string(), band: z.enum(['amber', 'red']), kind })),
  openKinds: z.array(kind),
  answered: z.boolean(),
  advised: z.boolean(),
  followed: z.boolean(),
  emergency: z.boolean(),
  silent: z.number(),
  stops: z.boolean(),
  seq: z.number(),
  dueAtMs: z.number().nullable(),
  settings: numbers,
  tablets: z.number().nullable(),
  fill: texts,
  outcome: z.enum(['open', 'advised', 'alerted', 'silent', 'ended', 'held']),
}) satisfies z.ZodType<RunState>;

/** What `encodeRunState` wrote; null for anything else, so that a run of another version, or one that was meddled with, is left to people. */
export function decodeRunState(text: string): RunState | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const read = runStateSchema.safeParse(value);
  return read.success ? read.data : null;
}
