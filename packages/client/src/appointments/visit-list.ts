import type { Appointment } from '@baton/wire';
import type { Visit } from '../api/appointments.ts';
import { LiveView } from '../live/cell.ts';
import type { AppointmentBook } from './appointment-book.ts';
import type { AppointmentPorts } from './appointment-ports.ts';

type ListPorts = Pick<AppointmentPorts, 'soon' | 'patients' | 'reach'>;

/** Visits with what was sent and what went back, each put together once until something about it changes. */
export class VisitList {
  readonly visits: LiveView<readonly Visit[]>;
  readonly #ports: ListPorts;
  readonly #book: AppointmentBook;
  readonly #made = new Map<string, Visit>();
  readonly #of = new Map<string, LiveView<readonly Visit[]>>();
  /** As sorted last: a list that is almost in order is sorted fast. */
  #sorted: readonly Visit[] = [];
  #names: ReadonlyMap<string, string> | null = null;

  constructor(ports: ListPorts, book: AppointmentBook) {
    this.#ports = ports;
    this.#book = book;
    this.visits = new LiveView(ports.soon, () => this.#sort());
  }

  of(ref: string): LiveView<readonly Visit[]> {
    const known = this.#of.get(ref);
    if (known) return known;
    const made = new LiveView(this.#ports.soon, () =>
      this.#book
        .appointmentsOf(ref)
        .filter(isShown)
        .map((visit) => this.#make(visit))
        .sort(byStart),
    );
    this.#of.set(ref, made);
    return made;
  }

  /** The visit, or what was sent or written back of it. */
  changed(id: string, ref: string | null): void {
    this.#made.delete(id);
    this.visits.invalidate();
    const concerned = ref ?? this.#book.appointment(id)?.ref ?? null;
    if (concerned !== null) this.#of.get(concerned)?.invalidate();
  }

  /** Names of patients. */
  changedAll(): void {
    this.#made.clear();
    this.#names = null;
    this.visits.invalidate();
    for (const view of this.#of.values()) view.invalidate();
  }

  #sort(): readonly Visit[] {
    const left = new Map(
      this.#book
        .all('appointment')
        .filter(isShown)
        .map((visit) => [visit.id, visit]),
    );
    const next: Visit[] = [];
    for (const { appointment } of this.#sorted) {
      const now = left.get(appointment.id);
      if (now) next.push(this.#make(now));
      left.delete(appointment.id);
    }
    for (const visit of left.values()) next.push(this.#make(visit));
    this.#sorted = next.sort(byStart);
    return this.#sorted;
  }

  #make(appointment: Appointment): Visit {
    const known = this.#made.get(appointment.id);
    if (known) return known;
    const { id, ref } = appointment;
    const visit: Visit = {
      appointment,
      patient: ref === null ? null : this.nameOf(ref),
      record: this.#book.get('sent', `sent:${id}`),
      writeBack: this.#book.get('write-back', `write-back:${id}`),
    };
    this.#made.set(id, visit);
    return visit;
  }

  nameOf(ref: string): string | null {
    const known = this.#ports.reach(ref)?.name;
    if (known) return known;
    // Opening a record for each visit would cost more than all names together.
    this.#names ??= new Map(this.#ports.patients.rows().map((row) => [row.ref, row.name]));
    return this.#names.get(ref) ?? null;
  }
}

function isShown({ status }: Appointment): boolean {
  return status !== 'entered-in-error';
}

function byStart({ appointment: a }: Visit, { appointment: b }: Visit): number {
  return a.start - b.start || (a.id < b.id ? -1 : 1);
}
