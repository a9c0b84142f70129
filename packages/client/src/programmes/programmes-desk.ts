import { type Protocol, parseProtocol } from '@baton/clinical';
import type { EventId } from '@baton/kernel';
import type { ConversationId } from '@baton/kernel';
import { keyLogSize } from '@baton/ledger';
import type { PatientRecord, ProgrammesValue, ProtocolVersion } from '@baton/wire';
import type { EnrolledPatient, MedicineHold, Programmes, ProtocolView } from '../api/programmes.ts';
import type { CollectionBook, PutRow } from '../collections/collection-book.ts';
import type { CollectionDesk } from '../collections/collection-desk.ts';
import type { ConversationBook } from '../conversations/book.ts';
import type { DirectoryBook } from '../directory/directory-book.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { ClientError } from '../failure.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import type { SyncEngine } from '../sync/engine.ts';
import { AlertActs, type AlertActsPorts } from './alert-acts.ts';
import { toEnrolledPatient, worstFirst } from './cohort.ts';
import { EnrolmentActs, type EnrolmentActsPorts } from './enrolment-acts.ts';
import { toCsv } from './export-csv.ts';
import { toFhir } from './export-fhir.ts';
import { ProgrammesBook } from './programmes-book.ts';
import { ProgrammesWriter } from './programmes-writer.ts';
import { ProtocolActs, type ProtocolActsPorts } from './protocol-acts.ts';
import type { ProtocolJudge } from './protocol-judge.ts';
import { toProtocolView } from './protocol-view.ts';
import { VerdictBook } from './verdict-book.ts';

export interface ProgrammesPorts
  extends Omit<ProtocolActsPorts, 'refresh'>,
    EnrolmentActsPorts,
    Omit<AlertActsPorts, 'may'> {
  readonly soon: Soon;
  readonly book: ConversationBook;
  readonly collections: CollectionBook;
  readonly sealed: Pick<CollectionDesk, 'named' | 'idOf'>;
  readonly sync: SyncEngine;
  readonly directory: DirectoryBook;
  readonly keyLog: KeyLogReplica;
  readonly judge: ProtocolJudge;
  /** Makes the collection for the team and lets the assistant in. */
  readonly establish: () => Promise<void>;
  readonly record: (ref: string) => PatientRecord | null;
  /** As staff know the patient. */
  readonly patientName: (ref: string) => string;
  readonly failed: (error: unknown) => void;
}

/** Check-in programmes for staff (docs/protocol/programmes.md §2 and §5). What this file does itself is to bring the parts together. */
export class ProgrammesDesk implements Programmes {
  readonly state: LiveView<ReturnType<Programmes['state']['read']>>;
  readonly protocols: LiveView<readonly ProtocolView[]>;
  readonly cohort: LiveView<readonly EnrolledPatient[]>;
  readonly #ports: ProgrammesPorts;
  readonly #book: ProgrammesBook;
  readonly #verdicts: VerdictBook;
  readonly #protocolActs: ProtocolActs;
  readonly #enrolments: EnrolmentActs;
  readonly #alerts: AlertActs;
  readonly #patients = new Map<string, LiveView<readonly EnrolledPatient[]>>();
  readonly #lines = new Map<EventId, EnrolledPatient>();
  readonly #documents = new Map<string, { readonly body: string; readonly protocol: Protocol | null }>();

  constructor(ports: ProgrammesPorts) {
    const { soon, collections, judge, keyLog, sealed } = ports;
    this.#ports = ports;
    this.#book = new ProgrammesBook({ collections, changed: (value) => this.#changed(value) });
    this.#verdicts = new VerdictBook({
      judge,
      keyLogSize: () => keyLogSize(keyLog.state),
      changed: () => this.protocols.invalidate(),
      failed: ports.failed,
    });
    const writer = new ProgrammesWriter(sealed);
    const parts = { book: this.#book, verdicts: this.#verdicts, writer };
    this.#protocolActs = new ProtocolActs({ ...ports, refresh: () => this.#refresh() }, parts);
    this.#enrolments = new EnrolmentActs(ports, parts);
    this.#alerts = new AlertActs(ports, writer);
    this.state = new LiveView(soon, () => this.#describe());
    this.protocols = new LiveView(soon, () => this.#viewProtocols());
    this.cohort = new LiveView(soon, () =>
      [...this.#book.enrolments()].map((e) => this.#line(e.id)).sort(worstFirst),
    );
  }

  /** Reads the local copy, as far as the collection is here. */
  async load(): Promise<void> {
    const { book, sealed, may } = this.#ports;
    if (!may('patient.registry.read')) return;
    const conv = sealed.idOf('programmes');
    if (!this.#book.loaded && book.get(conv)?.kind === 'collection') await this.#book.load(conv);
    this.changedAll();
  }

  /** Puts were stored. */
  take(conv: ConversationId, rows: readonly PutRow[]): void {
    this.#book.take(conv, rows);
  }

  /** Names, rights, keys or the day changed. */
  changedAll(): void {
    this.#lines.clear();
    for (const view of [this.state, this.protocols, this.cohort, ...this.#patients.values()])
      view.invalidate();
  }

  of(ref: string): LiveView<readonly EnrolledPatient[]> {
    const known = this.#patients.get(ref);
    if (known) return known;
    const view = new LiveView(this.#ports.soon, () =>
      [...this.#book.enrolments()]
        .filter((enrolment) => enrolment.ref === ref)
        .map(({ id }) => this.#line(id))
        .sort(worstFirst),
    );
    this.#patients.set(ref, view);
    return view;
  }

  async establish(): Promise<void> {
    await this.#ports.establish();
    await this.load();
  }

  saveDraft(...input: Parameters<Programmes['saveDraft']>): Promise<void> {
    return this.#protocolActs.saveDraft(...input);
  }

  sign(...input: Parameters<Programmes['sign']>): Promise<void> {
    return this.#protocolActs.sign(...input);
  }

  retire(...input: Parameters<Programmes['retire']>): Promise<void> {
    return this.#protocolActs.retire(...input);
  }

  enrol(...input: Parameters<Programmes['enrol']>): Promise<EventId> {
    return this.#enrolments.enrol(...input);
  }

  changeEnrolment(...input: Parameters<Programmes['changeEnrolment']>): Promise<void> {
    return this.#enrolments.change(...input);
  }

  pause(...input: Parameters<Programmes['pause']>): Promise<void> {
    return this.#enrolments.pause(...input);
  }

  resume(id: EventId): Promise<void> {
    return this.#enrolments.resume(id);
  }

  end(id: EventId, reason: string): Promise<void> {
    return this.#enrolments.end(id, reason);
  }

  markStale(id: EventId, why: string): Promise<void> {
    return this.#enrolments.markStale(id, why);
  }

  confirmRegimen(...input: Parameters<Programmes['confirmRegimen']>): Promise<void> {
    return this.#enrolments.confirmRegimen(...input);
  }

  hold(id: EventId, hold: MedicineHold): Promise<void> {
    return this.#enrolments.hold(id, hold);
  }

  liftHolds(id: EventId, from: string): Promise<void> {
    return this.#enrolments.liftHolds(id, from);
  }

  moveToVersion(id: EventId, version: number): Promise<void> {
    return this.#enrolments.moveToVersion(id, version);
  }

  actOnAlert(...input: Parameters<Programmes['actOnAlert']>): Promise<void> {
    return this.#alerts.act(...input);
  }

  finishAlert(id: EventId, appointment: string | null): Promise<void> {
    return this.#alerts.finish(id, appointment);
  }

  rateAlert(id: EventId, useful: boolean): Promise<void> {
    return this.#alerts.rate(id, useful);
  }

  exportFhir(id: EventId): string {
    const enrolment = this.#book.enrolment(id);
    if (!enrolment) throw new ClientError('request.not_found', 'enrolment');
    const bundle = toFhir({
      enrolment,
      record: this.#ports.record(enrolment.ref),
      runs: this.#book.runs(id),
      protocol: (of, version) => this.#document(of, version),
    });
    return `${JSON.stringify(bundle, null, 2)}\n`;
  }

  exportCsv(protocol: string): string {
    const enrolments = [...this.#book.enrolments()].filter((one) => one.protocol.id === protocol);
    return toCsv({
      enrolments: enrolments.map((enrolment) => ({ enrolment, runs: this.#book.runs(enrolment.id) })),
      protocol: (of, version) => this.#document(of, version),
    });
  }

  #line(id: EventId): EnrolledPatient {
    const known = this.#lines.get(id);
    if (known) return known;
    const enrolment = this.#book.enrolment(id);
    if (!enrolment) throw new ClientError('request.not_found', 'enrolment');
    const line = toEnrolledPatient({
      enrolment,
      patient: this.#ports.patientName(enrolment.ref),
      runs: this.#book.runs(id),
      alerts: this.#book.alerts(id),
      protocol: (of, version) => this.#document(of, version),
      nowMs: this.#ports.clock.nowMs(),
    });
    this.#lines.set(id, line);
    return line;
  }

  /** The document of a version, as long as it reads; parsed once. */
  #document(id: string, version: number): Protocol | null {
    const value = this.#book.protocol(id, version);
    if (!value) return null;
    const key = `${id}:${version}`;
    const known = this.#documents.get(key);
    if (known?.body === value.body) return known.protocol;
    const parsed = parseProtocol(value.body);
    const protocol = parsed.ok ? parsed.protocol : null;
    this.#documents.set(key, { body: value.body, protocol });
    return protocol;
  }

  #viewProtocols(): readonly ProtocolView[] {
    const patients = new Map<string, number>();
    for (const { protocol, state } of this.#book.enrolments()) {
      const key = `${protocol.id}:${protocol.version}`;
      if (state !== 'ended') patients.set(key, (patients.get(key) ?? 0) + 1);
    }
    const { me, directory, may } = this.#ports;
    const versions: readonly ProtocolVersion[] = [...this.#book.protocols()].sort(
      (a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : a.id > b.id ? 1 : b.version - a.version),
    );
    return versions.map((version) =>
      toProtocolView({
        version,
        verdict: this.#verdicts.peek(version, this.#book.signatures(version)),
        patients: patients.get(`${version.id}:${version.version}`) ?? 0,
        me,
        person: (account) => directory.person(account),
        may,
      }),
    );
  }

  #changed(value: ProgrammesValue): void {
    if (value.t === 'protocol' || value.t === 'signature') {
      this.protocols.invalidate();
      // What a question was, decides what its answers count for.
      if (value.t === 'protocol') this.#lines.clear();
      if (value.t === 'protocol') this.cohort.invalidate();
      return;
    }
    this.#lines.delete(value.t === 'enrolment' ? value.id : value.enrolment);
    if (value.t === 'enrolment') this.protocols.invalidate();
    this.cohort.invalidate();
    this.#patients.get(value.ref)?.invalidate();
  }

  async #refresh(): Promise<void> {
    const { sync, sealed } = this.#ports;
    const conv = sealed.idOf('programmes');
    await sync.run(conv, () => sync.pullToNewest(conv));
  }

  #describe(): ReturnType<Programmes['state']['read']> {
    const { may, book, sealed } = this.#ports;
    const row = book.get(sealed.idOf('programmes'));
    return {
      available: may('patient.registry.read'),
      established: row !== null && row !== undefined && !row.left,
      ready: this.#book.loaded,
    };
  }
}
