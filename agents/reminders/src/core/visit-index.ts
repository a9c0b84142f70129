import type { MessageId } from '@baton/kernel';
import type {
  Appointment,
  AppointmentsValue,
  NoShowModel,
  Preparation,
  Recall,
  ReminderRecord,
  ReminderSettings,
  Slot,
  WaitEntry,
  WriteBack,
} from '@baton/wire';

export type IndexChange =
  | { readonly t: 'patient'; readonly ref: string }
  /** A feed says that a visit is somebody else's than before. */
  | { readonly t: 'other-patient'; readonly appointment: string; readonly before: string }
  | { readonly t: 'slots' }
  | { readonly t: 'settings' }
  | { readonly t: 'recall'; readonly id: string }
  | { readonly t: 'taken-back'; readonly appointment: string };

const NONE: ReadonlyMap<string, Appointment> = new Map();

/** The collection `appointments` by what is looked for. Each change costs what it touches, however many visits there are. */
export class VisitIndex {
  readonly visits = new Map<string, Appointment>();
  readonly records = new Map<string, ReminderRecord>();
  readonly slots = new Map<string, Slot>();
  readonly waits = new Map<string, WaitEntry>();
  readonly recalls = new Map<string, Recall>();
  readonly #preparations = new Map<string, Preparation>();
  readonly #byRef = new Map<string, Map<string, Appointment>>();
  readonly #byMessage = new Map<MessageId, Set<string>>();
  /** Visits whose change the source system has taken. */
  readonly #takenBack = new Set<string>();
  readonly #changed: (change: IndexChange) => void;
  #settings: ReminderSettings | null = null;
  #model: NoShowModel | null = null;

  constructor(changed: (change: IndexChange) => void) {
    this.#changed = changed;
  }

  get settings(): ReminderSettings | null {
    return this.#settings;
  }

  get model(): NoShowModel | null {
    return this.#model;
  }

  get preparations(): readonly Preparation[] {
    return [...this.#preparations.values()];
  }

  refs(): Iterable<string> {
    return this.#byRef.keys();
  }

  of(ref: string): readonly Appointment[] {
    return [...(this.#byRef.get(ref) ?? NONE).values()];
  }

  /** Visits that a message of the assistant spoke of, by start. */
  spokenOf(message: MessageId): readonly Appointment[] {
    const ids = [...(this.#byMessage.get(message) ?? [])];
    return ids
      .flatMap((id) => this.visits.get(id) ?? [])
      .sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  }

  /** Whether every visit that a message spoke of is still at the time that it said. */
  isAsSaid(message: MessageId): boolean {
    return [...(this.#byMessage.get(message) ?? [])].every((id) =>
      (this.records.get(id)?.steps ?? []).every(
        (said) => said.message !== message || said.start === this.visits.get(id)?.start,
      ),
    );
  }

  isTakenBack(appointment: string): boolean {
    return this.#takenBack.has(appointment);
  }

  static isWanted({ t }: AppointmentsValue): boolean {
    return t !== 'feed' && t !== 'held' && t !== 'csv-mapping' && t !== 'patient-map';
  }

  apply(value: AppointmentsValue): void {
    switch (value.t) {
      case 'appointment':
        return this.#applyVisit(value);
      case 'sent':
        return this.#applyRecord(value);
      case 'slot':
        this.slots.set(value.id, value);
        return this.#changed({ t: 'slots' });
      case 'wait':
        this.waits.set(value.id, value);
        return this.#changed({ t: 'slots' });
      case 'preparation':
        this.#preparations.set(value.id, value);
        return;
      case 'reminder-settings':
        this.#settings = value;
        return this.#changed({ t: 'settings' });
      case 'recall':
        this.recalls.set(value.id, value);
        return this.#changed({ t: 'recall', id: value.id });
      case 'no-show-model':
        this.#model = value;
        return this.#changed({ t: 'settings' });
      case 'write-back':
        return this.#applyWriteBack(value);
      case 'feed':
      case 'held':
      case 'csv-mapping':
      case 'patient-map':
        return;
    }
  }

  #applyVisit(visit: Appointment): void {
    const before = this.visits.get(visit.id);
    this.visits.set(visit.id, visit);
    if (before && before.ref !== null && before.ref !== visit.ref) {
      this.#byRef.get(before.ref)?.delete(visit.id);
      this.#changed({ t: 'patient', ref: before.ref });
      this.#changed({ t: 'other-patient', appointment: visit.id, before: before.ref });
    }
    if (visit.ref === null) return;
    const own = this.#byRef.get(visit.ref);
    if (own) own.set(visit.id, visit);
    else this.#byRef.set(visit.ref, new Map([[visit.id, visit]]));
    this.#changed({ t: 'patient', ref: visit.ref });
  }

  #applyRecord(record: ReminderRecord): void {
    this.records.set(record.appointment, record);
    for (const { message } of record.steps) {
      if (message === null) continue;
      const known = this.#byMessage.get(message);
      if (known) known.add(record.appointment);
      else this.#byMessage.set(message, new Set([record.appointment]));
    }
    const ref = this.visits.get(record.appointment)?.ref ?? null;
    if (ref !== null) this.#changed({ t: 'patient', ref });
  }

  #applyWriteBack({ appointment, state }: WriteBack): void {
    if (state !== 'taken') return void this.#takenBack.delete(appointment);
    this.#takenBack.add(appointment);
    this.#changed({ t: 'taken-back', appointment });
  }
}
