import type { Protocol, ReplyFacts } from '@baton/clinical';
import type { AccountId, Id, MessageId, TimestampMs } from '@baton/kernel';
import type { SendingHours } from '@baton/policy';
import type { CheckInAlert, CheckInRun, Enrolment, Reach, RedFlag } from '@baton/wire';
import type { Standing } from '../records/reach-book.ts';
import type { ShadowVerdict } from '../shadow/shadow-model.ts';
import type { Track } from './track.ts';

/** Everything that a decision rests on. Decisions are pure: the same view and event give the same outcome, but for new ids. */
export interface View {
  readonly nowMs: TimestampMs;
  readonly enrolment: Enrolment;
  /** The version that the enrolment is on, signed by two; null: none that may run. */
  readonly protocol: Protocol | null;
  readonly track: Track;
  /** The dialogue that is open. */
  readonly run: CheckInRun | null;
  /** What is known of the patient by all programmes that go on. */
  readonly facts: ReplyFacts;
  readonly alerts: ReadonlyMap<string, CheckInAlert>;
  readonly reach: Pick<Reach, 'given' | 'name' | 'phones'>;
  readonly standing: Standing;
  readonly hours: SendingHours;
  readonly practice: { readonly name: string; readonly phone: string; readonly timeZone: string };
  readonly newId: <Kind extends 'message' | 'event'>(kind: Kind) => Id<Kind>;
  readonly shadow: (alert: Pick<CheckInAlert, 'kind' | 'line' | 'band'>) => ShadowVerdict;
}

/** What a patient, or somebody for them, wrote. */
export interface Inbound {
  readonly id: MessageId;
  readonly seq: number;
  readonly at: TimestampMs;
  readonly author: AccountId;
  /** By a text: of the number that belongs to this one patient. */
  readonly isText: boolean;
  readonly text: string;
  /** Question that it answers, and the letter; null where it names none. */
  readonly answers: { readonly prompt: MessageId; readonly choice: string | null } | null;
  readonly flags: readonly RedFlag[];
  /** Asks a clinician at once by itself. */
  readonly isStat: boolean;
  readonly photos: number;
}
