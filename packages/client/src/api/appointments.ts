import type { Unreached } from '@baton/clinical';
import type { OwnerId, TimestampMs } from '@baton/kernel';
import type {
  Appointment,
  AppointmentStatus,
  CsvMapping,
  Feed,
  HeldMessage,
  NoShowModel,
  Preparation,
  Recall,
  ReminderRecord,
  ReminderSettings,
  ReminderStep,
  Slot,
  WaitEntry,
  WriteBack,
} from '@baton/wire';
import type { Live } from './live.ts';

/** One visit as staff see it. */
export interface Visit {
  readonly appointment: Appointment;
  /** As the registry names the patient; null while a feed's patient is not known. */
  readonly patient: string | null;
  readonly record: ReminderRecord | null;
  readonly writeBack: WriteBack | null;
}

/**
 * Why what reminders say does not reach a patient, or (`notice-only`) reaches them only as "a message waits". `private`: the patient is of the age of privacy
 * and has no conversation of their own that they read.
 */
export type WhyUnreached = Unreached | 'no-conversation' | 'private';

/** A text that reminders would send, as things stand now. */
export interface ComingText {
  readonly step: ReminderStep;
  /** Visits that it speaks of, by start. */
  readonly appointments: readonly string[];
  readonly at: TimestampMs;
}

/** What is wrong with one cell of a CSV file. */
export interface CsvProblem {
  /** Field of the mapping. */
  readonly field: string;
  /** As it stands in the file; with `twice` the line that has the same number. */
  readonly value: string;
  readonly code:
    | 'patient-unknown'
    | 'patient-several'
    | 'patient-other-birth-date'
    | 'patient-missing'
    | 'date'
    | 'time'
    | 'moment'
    | 'end'
    | 'status'
    | 'twice';
}

/** One row of a CSV file, as the mapping reads it. */
export interface CsvRow {
  /** From 1, the header line not counted. */
  readonly line: number;
  readonly appointment: Appointment | null;
  readonly patient: string | null;
  readonly what: 'new' | 'changed' | 'same' | 'error';
  readonly problems: readonly CsvProblem[];
}

export interface CsvDryRun {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly counts: {
    readonly new: number;
    readonly changed: number;
    readonly same: number;
    readonly error: number;
  };
}

/** Result of the randomised comparison of the extra reminder. */
export interface Comparison {
  readonly since: TimestampMs;
  readonly extra: { readonly visits: number; readonly noShows: number };
  readonly usual: { readonly visits: number; readonly noShows: number };
  /** Difference of the shares (usual − extra) with its 95 % interval (Newcombe, hybrid score); null while an arm is empty. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** One plain sentence. */
  readonly sentence: { readonly en: string; readonly es: string };
}

/** Appointments, reminders, waitlist and recalls, for staff with `patient.registry.read`. */
export interface Appointments {
  readonly state: Live<{
    readonly available: boolean;
    readonly established: boolean;
    readonly ready: boolean;
  }>;
  /** By start; those of `entered-in-error` are left out. */
  readonly visits: Live<readonly Visit[]>;
  readonly slots: Live<readonly Slot[]>;
  readonly waitlist: Live<readonly WaitEntry[]>;
  readonly preparations: Live<readonly Preparation[]>;
  readonly settings: Live<ReminderSettings | null>;
  readonly recalls: Live<readonly Recall[]>;
  readonly feeds: Live<readonly Feed[]>;
  readonly held: Live<readonly HeldMessage[]>;
  readonly mappings: Live<readonly CsvMapping[]>;
  readonly model: Live<NoShowModel | null>;
  readonly comparison: Live<Comparison | null>;
  /** Of one patient, by start. */
  of(ref: string): Live<readonly Visit[]>;
  /** What reminders would still say to a patient, by time; nothing where they are off or the patient cannot be reached. */
  coming(ref: string): readonly ComingText[];
  /** For a visit, or (null) for an offer to a patient who waits; null: it reaches the patient. */
  unreached(ref: string, visit: Pick<Appointment, 'shareable'> | null): WhyUnreached | null;
  /** The other line of what seems to be one visit: booked here, and come back from the record system under its own id. */
  twinOf(id: string): Appointment | null;
  /** Makes one of a visit and its twin: the record system's stays, with the answer, what was said and the slot. */
  mergeTwin(id: string): Promise<void>;
  /** Whether visits of this patient are for the patient's own eyes unless somebody says that they may be known. */
  hasPrivacy(ref: string): boolean;
  /** Makes the collection `appointments` and lets the assistants in; does nothing where it is. */
  establish(): Promise<void>;
  suggestSettings(): ReminderSettings;
  saveSettings(settings: ReminderSettings): Promise<void>;
  newId(): string;
  /** Made by hand. */
  book(
    input: Pick<
      Appointment,
      | 'ref'
      | 'start'
      | 'end'
      | 'timeZone'
      | 'service'
      | 'practitioner'
      | 'location'
      | 'reason'
      | 'preparation'
    > & { readonly slot: string | null; readonly shareable?: boolean },
  ): Promise<string>;
  /** Status, time or answer; what is pending is planned anew. Throws `policy.forbidden` for a slot that somebody else has. */
  change(
    id: string,
    change: Partial<
      Pick<Appointment, 'status' | 'start' | 'end' | 'location' | 'practitioner' | 'reason' | 'preparation'>
    > & {
      /** Whoever reads for the patient may know of the visit. */
      readonly shareable?: boolean;
      readonly answer?: Appointment['answer']['state'];
      /** Free time that it is moved to: start, end, person and place are those of the slot. */
      readonly slot?: string;
    },
  ): Promise<void>;
  setStatus(id: string, status: AppointmentStatus): Promise<void>;
  saveSlot(slot: Slot): Promise<void>;
  savePreparation(preparation: Preparation): Promise<void>;
  wait(
    input: Pick<
      WaitEntry,
      'ref' | 'service' | 'practitioner' | 'from' | 'until' | 'priority' | 'appointment'
    >,
  ): Promise<string>;
  endWait(id: string): Promise<void>;
  /** Takes an `endWait` back: the place in the line is the same as before. */
  keepWaiting(id: string): Promise<void>;
  saveRecall(recall: Recall): Promise<void>;
  /** Registry patients whom this recall would reach now. */
  overdue(
    recall: Pick<Recall, 'service' | 'overdueDays'>,
  ): readonly { readonly ref: string; readonly name: string; readonly lastAt: TimestampMs | null }[];
  /** Throws `request.invalid` where there is no header, or too many lines. */
  readCsv(text: string, mapping: CsvMapping): CsvDryRun;
  /** Guesses which column is what by names and values; null where there is no header. */
  suggestMapping(text: string): CsvMapping | null;
  saveMapping(mapping: CsvMapping): Promise<void>;
  importCsv(
    run: CsvDryRun,
    mapping: CsvMapping,
    progress?: (done: number, all: number) => void,
  ): Promise<void>;
  /** Gives a held message to a patient, or drops it. */
  resolveHeld(id: string, ref: string | null): Promise<void>;
  readonly defaults: { readonly askTo: OwnerId | null };
}
