import type { Protocol } from '@baton/clinical';
import type { AccountId, Clock, EventId, Id, MessageId, TimestampMs } from '@baton/kernel';
import type { SendingHours } from '@baton/policy';
import type { CheckInAlert, CheckInRun, Enrolment, Reach } from '@baton/wire';
import type { Standing } from '../records/reach-book.ts';
import type { ShadowVerdict } from '../shadow/shadow-model.ts';
import type { Understand } from './decide-invitation.ts';
import type { ModelAide } from './model-aide.ts';
import type { EffectOf, Track } from './track.ts';
import type { Inbound } from './view.ts';

/** What the assistant remembers, by enrolment. */
export interface Tracks {
  get(id: EventId): Promise<Track | null>;
  /** Writes it over the one whose `rev` is one lower, and over no other; answers whether it did. */
  put(id: EventId, track: Track): Promise<boolean>;
}

/** The collection `programmes`. */
export interface Records {
  /** As this device was told last. */
  enrolment(id: EventId): Enrolment | null;
  enrolmentsOf(ref: string): readonly EventId[];
  run(key: string): Promise<CheckInRun | null>;
  alert(id: EventId): Promise<CheckInAlert | null>;
  putRun(run: CheckInRun): Promise<void>;
  /** Written once: what staff have put over it since stays. */
  addAlert(alert: CheckInAlert): Promise<void>;
  changeAlert(id: EventId, change: (alert: CheckInAlert) => CheckInAlert | null): Promise<void>;
  changeEnrolment(id: EventId, change: (enrolment: Enrolment) => Enrolment | null): Promise<void>;
  /** null: not signed by two people for this document, or not to be read. Throws where that is not known now. */
  protocol(enrolment: Enrolment): Promise<Protocol | null>;
}

export interface Patient {
  readonly reach: Reach;
  readonly standing: Standing;
  readonly hours: SendingHours;
  readonly practice: { readonly name: string; readonly phone: string; readonly timeZone: string };
}

export interface Patients {
  /** As this device was told last; null: nothing is known of how to reach them. */
  of(ref: string): Patient | null;
  /** The same consent however often it is written. */
  giveConsent(enrolment: Enrolment, given: EffectOf<'consent'>): Promise<void>;
}

/** A patient's conversation and the sidebar beside it. Everything here is one act however often it is asked for. */
export interface Mail {
  /** What was written since `doneUpTo`, oldest first. */
  unread(ref: string): Promise<readonly Inbound[]>;
  doneUpTo(ref: string, message: Inbound): Promise<void>;
  /** `refused`: it never will be taken. `later`: not now (sending is blocked, or the server does not take it in time); nothing else waits for it. */
  say(ref: string, said: EffectOf<'say'>): Promise<'sent' | 'refused' | 'later'>;
  ask(ref: string, asked: EffectOf<'ask'>): Promise<MessageId>;
  settle(ref: string, message: MessageId): Promise<void>;
  /** Ends what own messages in the sidebar asked. */
  closeAsks(ref: string, asks: Pick<EffectOf<'close-asks'>, 'messages' | 'first'>): Promise<void>;
}

export interface KeeperPorts {
  /** The assistant's own account: what it does by itself is nobody else's act. */
  readonly me: AccountId;
  readonly clock: Clock;
  readonly tracks: Tracks;
  readonly records: Records;
  readonly patients: Patients;
  readonly mail: Mail;
  readonly understand: Understand;
  /** null: rules alone. */
  readonly aide: ModelAide | null;
  readonly shadow: (alert: Pick<CheckInAlert, 'kind' | 'line' | 'band'>) => ShadowVerdict;
  readonly newId: <Kind extends 'message' | 'event'>(kind: Kind) => Id<Kind>;
  /** Everything that the server has now is known here. Throws while it cannot be reached. */
  readonly newest: () => Promise<void>;
  /** Throws unless this station may act now. */
  readonly requireHeld: () => void;
  readonly note: (action: string, outcome: 'ok' | 'refused' | 'failed') => void;
}

/** The earlier of two times, where there are any. */
export function earlier(a: TimestampMs | null, b: TimestampMs | null): TimestampMs | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
