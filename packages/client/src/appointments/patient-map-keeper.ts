import { equalBytes } from '@baton/kernel';
import { appointmentsCodec, type PatientMap } from '@baton/wire';
import { isClientError } from '../failure.ts';
import type { AppointmentBook } from './appointment-book.ts';
import { type AppointmentPorts, collectionOf } from './appointment-ports.ts';
import type { AppointmentValues } from './appointment-values.ts';
import { PatientMapBuilder } from './patient-map.ts';

/** After the last change of the registry, once to twice this: an import of thousands is one look, and a visit of somebody new finds its patient soon. */
const LATER_MS = 5000;
/** So many records are opened before others may do something. */
const CHUNK = 500;

type KeeperPorts = Pick<
  AppointmentPorts,
  'rng' | 'timers' | 'book' | 'sealed' | 'patients' | 'may' | 'isOnline' | 'failed'
>;

/** Keeps the map of identifiers as the registry is. Every device of staff looks; the first one writes what is not so yet. */
export class PatientMapKeeper {
  readonly #ports: KeeperPorts;
  readonly #parts: { readonly values: AppointmentValues; readonly book: AppointmentBook };
  #cancel: () => void = () => {};
  #unlisten: () => void = () => {};
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(
    ports: KeeperPorts,
    parts: { readonly values: AppointmentValues; readonly book: AppointmentBook },
  ) {
    this.#ports = ports;
    this.#parts = parts;
  }

  start(): void {
    if (this.#stopped) return;
    this.#unlisten();
    this.#unlisten = this.#ports.patients.subscribe(() => this.#later());
    this.#later();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#unlisten();
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  /** Looks now. */
  look(): Promise<void> {
    this.#running ??= this.#look()
      .catch((error: unknown) => {
        if (!isClientError(error)) this.#ports.failed(error);
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  /** Not at the same moment on every device of the practice. */
  #later(): void {
    this.#cancel();
    if (this.#stopped) return;
    const [byte = 0] = this.#ports.rng.bytes(1);
    this.#cancel = this.#ports.timers.after(LATER_MS * (1 + byte / 256), () => void this.look());
  }

  async #look(): Promise<void> {
    const { book, patients, may, isOnline } = this.#ports;
    const { loaded } = this.#parts.book;
    const row = book.get(collectionOf(this.#ports));
    const isHere = loaded && row !== null && !row.left && !row.closed;
    if (!isHere || !patients.ready() || !isOnline() || !may('patient.registry.write')) return;
    const builder = new PatientMapBuilder();
    for (const [index, { ref }] of patients.rows().entries()) {
      if (index % CHUNK === 0) await this.#pause();
      if (this.#stopped) return;
      const record = patients.read(ref);
      if (record) builder.add(record);
    }
    for (const shard of builder.build()) {
      if (this.#stopped) return;
      await this.#write(shard);
    }
  }

  async #write(shard: PatientMap): Promise<void> {
    const key = `patient-map:${shard.shard}`;
    const isSame = (known: PatientMap | null): boolean =>
      known === null
        ? shard.systems.length === 0
        : equalBytes(appointmentsCodec.encode(known), appointmentsCodec.encode(shard));
    if (isSame(this.#parts.book.get('patient-map', key))) return;
    await this.#parts.values.change('patient-map', key, (newest) => (isSame(newest) ? null : shard));
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#ports.timers.after(0, resolve));
  }
}
