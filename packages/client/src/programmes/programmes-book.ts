import type { ConversationId, EventId } from '@baton/kernel';
import {
  type CheckInAlert,
  type CheckInRun,
  type Enrolment,
  programmesCodec,
  programmesKey,
  protocolSignatureKey,
  type ProgrammesValue,
  PROTOCOL_SIGNERS,
  type ProtocolSigner,
  type ProtocolVersion,
} from '@baton/wire';
import type { CollectionBook, PutRow } from '../collections/collection-book.ts';
import { CollectionMirror } from '../collections/collection-mirror.ts';
import type { PlacedSignature } from './protocol-judge.ts';

/** The collection `programmes`, read: protocols with their signatures, enrolments, runs and alerts (docs/protocol/programmes.md §2). */
export class ProgrammesBook {
  readonly #mirror: CollectionMirror<ProgrammesValue>;
  readonly #values = new Map<string, ProgrammesValue>();
  readonly #protocols = new Map<string, ProtocolVersion>();
  readonly #signatures = new Map<string, PlacedSignature>();
  readonly #enrolments = new Map<EventId, Enrolment>();
  readonly #runs = new Map<EventId, Map<string, CheckInRun>>();
  readonly #alerts = new Map<EventId, Map<EventId, CheckInAlert>>();

  constructor(ports: {
    readonly collections: CollectionBook;
    readonly changed: (value: ProgrammesValue) => void;
  }) {
    this.#mirror = new CollectionMirror({
      collections: ports.collections,
      codec: programmesCodec,
      keyOf: programmesKey,
      changed: (key, now) => {
        const before = this.#values.get(key);
        if (before) this.#remove(key, before);
        if (now) this.#values.set(key, now.value);
        else this.#values.delete(key);
        if (now) this.#add(key, now.value, now.at);
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

  protocols(): Iterable<ProtocolVersion> {
    return this.#protocols.values();
  }

  protocol(id: string, version: number): ProtocolVersion | null {
    return this.#protocols.get(`protocol:${id}:${version}`) ?? null;
  }

  signatures({ id, version }: Pick<ProtocolVersion, 'id' | 'version'>): {
    readonly [As in ProtocolSigner]: PlacedSignature | null;
  } {
    const [author, clinician] = PROTOCOL_SIGNERS.map(
      (as) => this.#signatures.get(protocolSignatureKey({ protocol: id, version, as })) ?? null,
    );
    return { author: author ?? null, clinician: clinician ?? null };
  }

  enrolments(): Iterable<Enrolment> {
    return this.#enrolments.values();
  }

  enrolment(id: EventId): Enrolment | null {
    return this.#enrolments.get(id) ?? null;
  }

  /** Newest first. */
  runs(enrolment: EventId): readonly CheckInRun[] {
    return [...(this.#runs.get(enrolment)?.values() ?? [])].sort(
      (a, b) => b.startedAt - a.startedAt || (a.slot < b.slot ? 1 : -1),
    );
  }

  /** Newest first. */
  alerts(enrolment: EventId): readonly CheckInAlert[] {
    return [...(this.#alerts.get(enrolment)?.values() ?? [])].sort((a, b) => b.at - a.at);
  }

  alert(id: EventId): CheckInAlert | null {
    const value = this.#values.get(`alert:${id}`);
    return value?.t === 'alert' ? value : null;
  }

  allAlerts(): readonly CheckInAlert[] {
    return [...this.#alerts.values()].flatMap((alerts) => [...alerts.values()]);
  }

  #add(key: string, value: ProgrammesValue, at: number): void {
    switch (value.t) {
      case 'protocol':
        this.#protocols.set(key, value);
        return;
      case 'signature':
        this.#signatures.set(key, { value, at });
        return;
      case 'enrolment':
        this.#enrolments.set(value.id, value);
        return;
      case 'run':
        innerOf(this.#runs, value.enrolment).set(key, value);
        return;
      case 'alert':
        innerOf(this.#alerts, value.enrolment).set(value.id, value);
    }
  }

  #remove(key: string, value: ProgrammesValue): void {
    switch (value.t) {
      case 'protocol':
        this.#protocols.delete(key);
        return;
      case 'signature':
        this.#signatures.delete(key);
        return;
      case 'enrolment':
        this.#enrolments.delete(value.id);
        return;
      case 'run':
        this.#runs.get(value.enrolment)?.delete(key);
        return;
      case 'alert':
        this.#alerts.get(value.enrolment)?.delete(value.id);
    }
  }
}

function innerOf<Key, T>(map: Map<EventId, Map<Key, T>>, id: EventId): Map<Key, T> {
  const known = map.get(id) ?? new Map<Key, T>();
  map.set(id, known);
  return known;
}
