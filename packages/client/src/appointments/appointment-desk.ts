import { compareWaiting, DEFAULT_REMINDER_SETTINGS } from '@baton/clinical';
import type { ConversationId, OwnerId } from '@baton/kernel';
import {
  type Appointment,
  appointmentsKey,
  type AppointmentsValue,
  type AppointmentStatus,
  type CsvMapping,
  type Feed,
  type HeldMessage,
  type NoShowModel,
  type Preparation,
  type Recall,
  type ReminderSettings,
  type Slot,
  type WaitEntry,
} from '@baton/wire';
import type { Appointments, ComingText, Comparison, CsvDryRun, Visit } from '../api/appointments.ts';
import type { PutRow } from '../collections/collection-book.ts';
import { ClientError } from '../failure.ts';
import { LiveView } from '../live/cell.ts';
import { AppointmentBook } from './appointment-book.ts';
import { type AppointmentPorts, collectionOf } from './appointment-ports.ts';
import { AppointmentValues } from './appointment-values.ts';
import { Booking } from './booking.ts';
import { comingTexts, privacyOf } from './coming-texts.ts';
import { compareSince } from './compare-since.ts';
import { CsvDesk } from './csv/csv-desk.ts';
import { overduePatients } from './overdue.ts';
import { PatientMapKeeper } from './patient-map-keeper.ts';
import { mergeTwins, twinOf } from './same-visit.ts';
import { unreachedBy } from './unreached.ts';
import { VisitList } from './visit-list.ts';

/** Appointments, and what goes with them, for staff. What this file does itself is to bring the parts together. */
export class AppointmentDesk implements Appointments {
  readonly state: LiveView<ReturnType<Appointments['state']['read']>>;
  readonly visits: LiveView<readonly Visit[]>;
  readonly slots: LiveView<readonly Slot[]>;
  readonly waitlist: LiveView<readonly WaitEntry[]>;
  readonly preparations: LiveView<readonly Preparation[]>;
  readonly settings: LiveView<ReminderSettings | null>;
  readonly recalls: LiveView<readonly Recall[]>;
  readonly feeds: LiveView<readonly Feed[]>;
  readonly held: LiveView<readonly HeldMessage[]>;
  readonly mappings: LiveView<readonly CsvMapping[]>;
  readonly model: LiveView<NoShowModel | null>;
  readonly comparison: LiveView<Comparison | null>;
  readonly #ports: AppointmentPorts;
  readonly #book: AppointmentBook;
  readonly #values: AppointmentValues;
  readonly #booking: Booking;
  readonly #list: VisitList;
  readonly #keeper: PatientMapKeeper;
  readonly #csv: CsvDesk;
  readonly #unlisten: () => void;
  #begun = false;

  constructor(ports: AppointmentPorts) {
    const { soon, collections } = ports;
    this.#ports = ports;
    this.#book = new AppointmentBook({ collections, changed: (value) => this.#changed(value) });
    this.#values = new AppointmentValues(ports);
    const parts = { values: this.#values, book: this.#book };
    this.#booking = new Booking(ports, parts);
    this.#list = new VisitList(ports, this.#book);
    this.#keeper = new PatientMapKeeper(ports, parts);
    this.#csv = new CsvDesk(ports, parts);
    const book = this.#book;
    this.state = new LiveView(soon, () => this.#describe());
    this.visits = this.#list.visits;
    this.slots = new LiveView(soon, () =>
      book.all('slot').toSorted((a, b) => a.start - b.start || byId(a, b)),
    );
    this.waitlist = new LiveView(soon, () => book.all('wait').toSorted(compareWaiting));
    this.preparations = new LiveView(soon, () => book.all('preparation').toSorted(byName));
    this.settings = new LiveView(soon, () => book.get('reminder-settings', 'reminder-settings'));
    this.recalls = new LiveView(soon, () =>
      book.all('recall').toSorted((a, b) => b.createdAt - a.createdAt || byId(a, b)),
    );
    this.feeds = new LiveView(soon, () => book.all('feed').toSorted(byId));
    this.held = new LiveView(soon, () => book.all('held').toSorted((a, b) => b.at - a.at || byId(a, b)));
    this.mappings = new LiveView(soon, () => book.all('csv-mapping').toSorted(byName));
    this.model = new LiveView(soon, () => book.get('no-show-model', 'no-show-model'));
    this.comparison = new LiveView(soon, () => this.#compare());
    this.#unlisten = ports.patients.subscribe(() => this.#list.changedAll());
  }

  get defaults(): Appointments['defaults'] {
    const askTo: OwnerId | null = this.#ports.texting()?.askTo ?? null;
    return { askTo };
  }

  /** Reads the local copy, as far as the collection is here. */
  async load(): Promise<void> {
    const { book, may } = this.#ports;
    const conv = collectionOf(this.#ports);
    const isHere = may('patient.registry.read') && book.get(conv)?.kind === 'collection';
    if (!this.#book.loaded && isHere) {
      await this.#book.load(conv);
      // Made just now, here or by a colleague.
      if (this.#begun && this.#book.loaded) this.#keeper.start();
    }
    this.state.invalidate();
  }

  /** Puts were stored. */
  take(conv: ConversationId, rows: readonly PutRow[]): void {
    this.#book.take(conv, rows);
  }

  /** What patients are called may be another than before. */
  namesChanged(): void {
    this.#list.changedAll();
    this.state.invalidate();
  }

  /** Everything has arrived. */
  begin(): void {
    this.#begun = true;
    this.#keeper.start();
  }

  /** Looks now whether the map of identifiers is as the registry is. */
  keepMap(): Promise<void> {
    return this.#keeper.look();
  }

  stop(): void {
    this.#unlisten();
    this.#keeper.stop();
  }

  idle(): Promise<void> {
    return this.#keeper.idle();
  }

  of(ref: string): LiveView<readonly Visit[]> {
    return this.#list.of(ref);
  }

  coming(ref: string): readonly ComingText[] {
    const { chart, texting, clock } = this.#ports;
    const settings = this.settings.read();
    const practice = texting();
    if (!settings || !practice) return [];
    return comingTexts({
      settings,
      visits: this.#book.appointmentsOf(ref),
      recordOf: (id) => this.#book.get('sent', `sent:${id}`),
      chart: chart(ref),
      texting: practice,
      nowMs: clock.nowMs(),
    });
  }

  unreached(...[ref, visit]: Parameters<Appointments['unreached']>): ReturnType<Appointments['unreached']> {
    const { chart, texting, clock } = this.#ports;
    const practice = texting();
    return practice && unreachedBy(visit, { chart: chart(ref), texting: practice, nowMs: clock.nowMs() });
  }

  twinOf(id: string): Appointment | null {
    const visit = this.#book.appointment(id);
    return visit?.ref ? twinOf(visit, this.#book.appointmentsOf(visit.ref)) : null;
  }

  async mergeTwin(id: string): Promise<void> {
    const [visit, twin] = [this.#book.appointment(id), this.twinOf(id)];
    if (!visit || !twin) throw new ClientError('request.not_found', 'appointment.twin');
    const { clock } = this.#ports;
    await mergeTwins([visit, twin], { values: this.#values, book: this.#book, nowMs: () => clock.nowMs() });
  }

  hasPrivacy(ref: string): boolean {
    const { reach, texting, clock } = this.#ports;
    const known = reach(ref);
    const practice = texting();
    return known !== null && practice !== null && privacyOf(known, practice, clock.nowMs())({});
  }

  async establish(): Promise<void> {
    await this.#ports.establish();
    await this.load();
  }

  suggestSettings(): ReminderSettings {
    const texting = this.#ports.texting();
    return {
      ...DEFAULT_REMINDER_SETTINGS,
      askTo: texting?.askTo ?? null,
      withinMs: texting?.withinMs ?? DEFAULT_REMINDER_SETTINGS.withinMs,
    };
  }

  saveSettings(settings: ReminderSettings): Promise<void> {
    return this.#values.save(settings);
  }

  newId(): string {
    return this.#booking.newId();
  }

  book(...input: Parameters<Appointments['book']>): Promise<string> {
    return this.#booking.make(...input);
  }

  change(...input: Parameters<Appointments['change']>): Promise<void> {
    return this.#booking.change(...input);
  }

  setStatus(id: string, status: AppointmentStatus): Promise<void> {
    return this.#booking.change(id, { status });
  }

  async saveSlot(slot: Slot): Promise<void> {
    await this.#values.change('slot', appointmentsKey(slot), (newest) => {
      // Times and holder are decided where it is booked; here nobody's booking is written over.
      if (newest?.holder && newest.state !== 'free') throw new ClientError('policy.forbidden', 'slot');
      return { ...slot, updatedAt: this.#ports.clock.nowMs() };
    });
  }

  savePreparation(preparation: Preparation): Promise<void> {
    return this.#values.save(preparation);
  }

  async wait(input: Parameters<Appointments['wait']>[0]): Promise<string> {
    const { me, clock } = this.#ports;
    const id = this.newId();
    await this.#values.save({
      t: 'wait',
      id,
      ...input,
      addedAt: clock.nowMs(),
      by: me,
      state: 'waiting',
      offers: [],
    });
    return id;
  }

  async endWait(id: string): Promise<void> {
    await this.#values.change('wait', `wait:${id}`, (newest) =>
      newest && newest.state !== 'booked' ? { ...newest, state: 'removed' } : null,
    );
  }

  async keepWaiting(id: string): Promise<void> {
    await this.#values.change('wait', `wait:${id}`, (newest) =>
      newest?.state === 'removed' ? { ...newest, state: 'waiting' } : null,
    );
  }

  async saveRecall(recall: Recall): Promise<void> {
    await this.#values.change('recall', appointmentsKey(recall), (newest) => ({
      ...recall,
      // Whom it went to is what the assistant writes.
      reached: newest?.reached ?? recall.reached,
    }));
  }

  overdue(recall: Parameters<Appointments['overdue']>[0]): ReturnType<Appointments['overdue']> {
    const { patients, reach, clock } = this.#ports;
    return overduePatients({
      recall,
      patients: patients.rows(),
      visitsOf: (ref) => this.#book.appointmentsOf(ref),
      isLeftAlone: (ref) => {
        const known = reach(ref);
        return known !== null && (known.doNotContact || known.deceased);
      },
      nowMs: clock.nowMs(),
    });
  }

  readCsv(text: string, mapping: CsvMapping): CsvDryRun {
    return this.#csv.read(text, mapping);
  }

  suggestMapping(text: string): CsvMapping | null {
    return this.#csv.suggest(text);
  }

  saveMapping(mapping: CsvMapping): Promise<void> {
    return this.#values.save(mapping);
  }

  importCsv(...input: Parameters<Appointments['importCsv']>): Promise<void> {
    return this.#csv.import(...input);
  }

  async resolveHeld(id: string, ref: string | null): Promise<void> {
    if (ref === null) return this.#values.drop(`held:${id}`);
    await this.#values.change('held', `held:${id}`, (newest) => newest && { ...newest, ref });
  }

  #changed(value: AppointmentsValue): void {
    switch (value.t) {
      case 'appointment':
        this.comparison.invalidate();
        return this.#list.changed(value.id, value.ref);
      case 'sent':
        this.comparison.invalidate();
        return this.#list.changed(value.appointment, null);
      case 'write-back':
        return this.#list.changed(value.appointment, null);
      case 'slot':
        return this.slots.invalidate();
      case 'wait':
        return this.waitlist.invalidate();
      case 'preparation':
        return this.preparations.invalidate();
      case 'reminder-settings':
        this.comparison.invalidate();
        return this.settings.invalidate();
      case 'recall':
        return this.recalls.invalidate();
      case 'feed':
        return this.feeds.invalidate();
      case 'held':
        return this.held.invalidate();
      case 'csv-mapping':
        return this.mappings.invalidate();
      case 'no-show-model':
        return this.model.invalidate();
      case 'patient-map':
        return;
    }
  }

  #compare(): Comparison | null {
    const since = this.settings.read()?.score.compare?.since ?? null;
    return since === null ? null : compareSince(since, this.#book);
  }

  #describe(): ReturnType<Appointments['state']['read']> {
    const { may, book } = this.#ports;
    const row = book.get(collectionOf(this.#ports));
    return {
      available: may('patient.registry.read'),
      established: row !== null && !row.left,
      ready: this.#book.loaded,
    };
  }
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function byName(
  a: { readonly name: string; readonly id: string },
  b: { readonly name: string; readonly id: string },
): number {
  return a.name.localeCompare(b.name) || byId(a, b);
}
