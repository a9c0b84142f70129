import type { EventId, TimestampMs } from '@baton/kernel';
import type {
  CheckInAlert,
  CheckInRun,
  Enrolment,
  ErrorCode,
  ProtocolSigner,
  ProtocolVersion,
  Regimen,
} from '@baton/wire';
import type { ProtocolFlaw } from './protocol-verdict.ts';
import type { Person } from './directory.ts';
import type { Live } from './live.ts';

/** One version of a protocol with what its signatures are worth, checked by this device. */
export interface ProtocolView {
  readonly version: ProtocolVersion;
  readonly author: { readonly person: Person; readonly at: TimestampMs } | null;
  readonly clinician: { readonly person: Person; readonly at: TimestampMs } | null;
  /** Both signatures hold, by two people, for this very document. */
  readonly mayRun: boolean;
  /** Why it may not run; null while it is being judged, too. */
  readonly why: ProtocolFlaw | null;
  /** Signatures that are there and do not count, and why. */
  readonly refused: { readonly [As in ProtocolSigner]: ErrorCode | null };
  /** Whether this person may sign as clinician, or as author. */
  readonly canSign: { readonly author: boolean; readonly clinician: boolean };
  readonly patients: number;
}

/** A patient on a protocol. */
export interface EnrolledPatient {
  readonly enrolment: Enrolment;
  readonly patient: string;
  /** Newest first. */
  readonly runs: readonly CheckInRun[];
  readonly alerts: readonly CheckInAlert[];
  /** Of questions sent in the last 28 days, the share answered; null before the first. */
  readonly responseRate: number | null;
  /** Of doses asked about in the last 28 days, the share that the patient says was taken, silence being no; null without a regimen, or before the first. */
  readonly adherence: number | null;
  /** Local days in a row without an answer. */
  readonly silentDays: number;
  /** An alert whose clock runs: soonest call-back. */
  readonly dueBy: TimestampMs | null;
}

/** Days on which the medicine is not taken. `until` is the last of them; null: until it is lifted. */
export type MedicineHold = Regimen['holds'][number];

/** Check-in programmes, for staff with `patient.registry.read`. */
export interface Programmes {
  readonly state: Live<{
    readonly available: boolean;
    readonly established: boolean;
    readonly ready: boolean;
  }>;
  /** By name, newest version first. */
  readonly protocols: Live<readonly ProtocolView[]>;
  /** Worst first: open red, open amber by clock, silent, then the rest by name. */
  readonly cohort: Live<readonly EnrolledPatient[]>;
  of(ref: string): Live<readonly EnrolledPatient[]>;
  establish(): Promise<void>;
  /** Writes a draft; a signed version is never changed: its number must be a new one. */
  saveDraft(input: Pick<ProtocolVersion, 'id' | 'version' | 'name' | 'body'>): Promise<void>;
  /** With this device's key. Throws `policy.forbidden` for one's own second signature, or without the right to sign as a clinician. */
  sign(id: string, version: number, as: 'author' | 'clinician'): Promise<void>;
  retire(id: string, version: number): Promise<void>;
  /** With a regimen it needs `regimen.confirm`: whoever enrols stands for the doses. */
  enrol(
    input: Pick<
      Enrolment,
      | 'ref'
      | 'protocol'
      | 'consent'
      | 'language'
      | 'timeZone'
      | 'times'
      | 'proxy'
      | 'startsOn'
      | 'regimen'
      | 'settings'
      | 'askTo'
    >,
  ): Promise<EventId>;
  changeEnrolment(
    id: EventId,
    change: Partial<Pick<Enrolment, 'language' | 'times' | 'proxy' | 'settings' | 'askTo' | 'timeZone'>>,
  ): Promise<void>;
  pause(id: EventId, until: string | null, reason: string): Promise<void>;
  resume(id: EventId): Promise<void>;
  end(id: EventId, reason: string): Promise<void>;
  /** The order changed and nobody has confirmed the plan: no dose text until `confirmRegimen`. */
  markStale(id: EventId, why: string): Promise<void>;
  /** Needs `regimen.confirm`, as do `hold` and `liftHolds`. */
  confirmRegimen(
    id: EventId,
    regimen: Omit<Regimen, 'version' | 'confirmedBy' | 'confirmedAt'>,
  ): Promise<void>;
  /** The medicine is on hold: its check-ins go on and name no dose. A new version of the regimen, which I stand for. */
  hold(id: EventId, hold: MedicineHold): Promise<void>;
  /** Taken again from this day. */
  liftHolds(id: EventId, from: string): Promise<void>;
  moveToVersion(id: EventId, version: number): Promise<void>;
  /** What somebody does about an alert; the clock runs until `finishAlert`. A red one needs `alert.act.red`; `none` needs a note. */
  actOnAlert(id: EventId, way: 'call' | 'video' | 'visit' | 'message' | 'none', note: string): Promise<void>;
  finishAlert(id: EventId, appointment: string | null): Promise<void>;
  rateAlert(id: EventId, useful: boolean): Promise<void>;
  /** FHIR R4 transaction bundle (QuestionnaireResponse, Observation, MedicationStatement) of one enrolment, as JSON. */
  exportFhir(id: EventId): string;
  /** One line for each answered question of every enrolment of a protocol. */
  exportCsv(protocol: string): string;
}
