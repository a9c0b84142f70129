import type { ConversationId } from '@baton/kernel';
import { type Appointment, appointmentsCodec, appointmentsKey, type AppointmentsValue } from '@baton/wire';
import type { CollectionBook, PutRow } from '../collections/collection-book.ts';
import { CollectionMirror } from '../collections/collection-mirror.ts';

type Kind = AppointmentsValue['t'];
type ValueOf<K extends Kind> = Extract<AppointmentsValue, { readonly t: K }>;

/** The collection `appointments`, read (docs/protocol/programmes.md §1). */
export class AppointmentBook {
  readonly #mirror: CollectionMirror<AppointmentsValue>;
  readonly #byKind = new Map<Kind, Map<string, AppointmentsValue>>();
  readonly #visitsOf = new Map<string, Set<string>>();

  constructor(ports: {
    readonly collections: CollectionBook;
    /** A value is another than before, or gone: as it is now, or was. */
    readonly changed: (value: AppointmentsValue) => void;
  }) {
    this.#mirror = new CollectionMirror({
      collections: ports.collections,
      codec: appointmentsCodec,
      keyOf: appointmentsKey,
      changed: (key, now) => {
        const before = this.#find(key);
        if (before) this.#remove(key, before);
        if (now) this.#add(key, now.value);
        // A visit that is another patient's from now on is gone for the one before.
        if (now && before && refOf(before) !== refOf(now.value)) ports.changed(before);
        const concerned = now?.value ?? before;
        if (concerned) ports.changed(concerned);
      },
    });
  }

  get loaded(): boolean {
    return this.#mirror.loaded;
  }

  load(conv: ConversationId): Promise<void> {
    return this.#mirror.load(conv);
  }

  take(conv: ConversationId, rows: readonly PutRow[]): boolean {
    return this.#mirror.take(conv, rows);
  }

  get<K extends Kind>(kind: K, key: string): ValueOf<K> | null {
    return (this.#byKind.get(kind)?.get(key) as ValueOf<K> | undefined) ?? null;
  }

  /** In no order. */
  all<K extends Kind>(kind: K): readonly ValueOf<K>[] {
    return [...((this.#byKind.get(kind)?.values() ?? []) as Iterable<ValueOf<K>>)];
  }

  appointment(id: string): Appointment | null {
    return this.get('appointment', `appointment:${id}`);
  }

  /** Of one patient, in no order. */
  appointmentsOf(ref: string): readonly Appointment[] {
    return [...(this.#visitsOf.get(ref) ?? [])].flatMap((id) => this.appointment(id) ?? []);
  }

  #find(key: string): AppointmentsValue | undefined {
    const [kind = ''] = key.split(':', 1);
    return this.#byKind.get(kind as Kind)?.get(key);
  }

  #add(key: string, value: AppointmentsValue): void {
    const known = this.#byKind.get(value.t) ?? new Map<string, AppointmentsValue>();
    this.#byKind.set(value.t, known);
    known.set(key, value);
    const ref = refOf(value);
    if (value.t !== 'appointment' || ref === null) return;
    const ids = this.#visitsOf.get(ref) ?? new Set();
    this.#visitsOf.set(ref, ids);
    ids.add(value.id);
  }

  #remove(key: string, value: AppointmentsValue): void {
    this.#byKind.get(value.t)?.delete(key);
    const ref = refOf(value);
    if (value.t === 'appointment' && ref !== null) this.#visitsOf.get(ref)?.delete(value.id);
  }
}

function refOf(value: AppointmentsValue): string | null {
  return value.t === 'appointment' ? value.ref : null;
}
