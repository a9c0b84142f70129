import type { TimestampMs } from '@baton/kernel';
import type { Appointment, Language, ReminderRecord, ReminderStep } from '@baton/wire';

/** So many texts in any 24 hours and in any seven times 24 hours (docs/protocol/patients.md §4), and when some went already. */
export interface Cap {
  readonly perDay: number;
  readonly perWeek: number;
  readonly contacts: readonly TimestampMs[];
}

/** What may be said to a patient, and how. */
export interface ReminderReach {
  readonly deceased: boolean;
  readonly doNotContact: boolean;
  /** The number wants no texts (STOP). */
  readonly optedOut: boolean;
  readonly channel: 'plain' | 'link' | 'none';
  /** Somebody reads the page for this patient. */
  readonly hasPage: boolean;
  readonly language: Language;
  /** A consent lets the practice ask (surveys and recalls). */
  readonly mayAsk: boolean;
  /** Texts without a consent: how many, and when some went. null: no cap. */
  readonly cap: Cap | null;
}

/** Quiet hours of the patient's zone, as policy knows them. */
export interface QuietHours {
  /** When what is wanted at `wantedMs` goes, not before now: then, or, in quiet hours, the evening before (`mayMoveEarlier`), else when they end. null: zone not known. */
  goesAt(wantedMs: TimestampMs, mayMoveEarlier: boolean): TimestampMs | null;
}

/** `note` of a step that was said and taken back before anybody had it: it counts as never said. */
export const WITHDRAWN_NOTE = 'withdrawn';
/** `note` of one that was said to the patient whose visit it was before; for the other one it counts as never said. */
export const OTHER_PATIENT_NOTE = 'other-patient';

export function isWithdrawn({ state, note }: ReminderRecord['steps'][number]): boolean {
  return state === 'skipped' && (note === WITHDRAWN_NOTE || note === OTHER_PATIENT_NOTE);
}

export interface PlannedStep {
  readonly step: ReminderStep;
  /** By start; the first is the one that the step is counted from. */
  readonly appointments: readonly [Appointment, ...Appointment[]];
  readonly atMs: TimestampMs;
  /** Worth nothing from then on. */
  readonly untilMs: TimestampMs;
  /** Of an extra reminder: the score that calls for it. In the arm `usual` it is written down and not sent. */
  readonly score: NonNullable<ReminderRecord['score']> | null;
}
