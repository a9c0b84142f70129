import { type AgentContext, type KeptValue, type NamedValues, ValueFeed } from '@baton/agent';
import { parseProtocol, type Protocol } from '@baton/clinical';
import { equalBytes, type EventId } from '@baton/kernel';
import {
  type CheckInAlert,
  type CheckInRun,
  type Enrolment,
  programmesKey,
  type ProgrammesValue,
} from '@baton/wire';
import type { Records } from '../core/ports.ts';
import type { ShadowModel } from '../shadow/shadow-model.ts';
import type { ConfirmedPlans } from './confirmed-plans.ts';

interface BookPorts {
  readonly values: NamedValues<ProgrammesValue>;
  readonly protocols: AgentContext['session']['protocols'];
  readonly shadow: Pick<ShadowModel, 'take'>;
  readonly plans: ConfirmedPlans;
  /** Something of a patient's programmes changed. */
  readonly changed: (ref: string) => void;
  /** There is something to be read: `current` does it. */
  readonly stirred: () => void;
}

/** The collection `programmes`: enrolments in memory; runs, alerts and protocols where they lie, by key. */
export class ProgrammeBook implements Records {
  readonly #ports: BookPorts;
  readonly #feed: ValueFeed<ProgrammesValue>;
  readonly #enrolments = new Map<EventId, Enrolment>();
  readonly #byRef = new Map<string, Set<EventId>>();
  /** By the version's key: what its signatures are worth, and what it says. */
  readonly #protocols = new Map<string, { readonly hash: Uint8Array; readonly protocol: Protocol | null }>();

  constructor(ports: BookPorts) {
    this.#ports = ports;
    this.#feed = new ValueFeed({
      values: ports.values,
      keyOf: programmesKey,
      // Runs are this assistant's own.
      isWanted: ({ t }) => t !== 'run',
      apply: (value, kept) => this.#apply(value, kept),
      stirred: ports.stirred,
    });
  }

  async load(): Promise<void> {
    await this.#ports.plans.load();
    await this.#feed.load();
    await this.#ports.plans.keep();
  }

  stop(): void {
    this.#feed.stop();
  }

  async current(): Promise<void> {
    await this.#feed.current();
    await this.#ports.plans.keep();
  }

  async newest(): Promise<void> {
    await this.#feed.newest();
    await this.#ports.plans.keep();
  }

  refs(): Iterable<string> {
    return this.#byRef.keys();
  }

  enrolment(id: EventId): Enrolment | null {
    return this.#enrolments.get(id) ?? null;
  }

  enrolmentsOf(ref: string): readonly EventId[] {
    return [...(this.#byRef.get(ref) ?? [])];
  }

  async run(key: string): Promise<CheckInRun | null> {
    const kept = await this.#ports.values.get(key);
    return kept?.value.t === 'run' ? kept.value : null;
  }

  async alert(id: EventId): Promise<CheckInAlert | null> {
    const kept = await this.#ports.values.get(`alert:${id}`);
    return kept?.value.t === 'alert' ? kept.value : null;
  }

  async putRun(run: CheckInRun): Promise<void> {
    const text = JSON.stringify(run);
    await this.#ports.values.update(programmesKey(run), (newest) =>
      newest && JSON.stringify(newest.value) === text ? null : run,
    );
  }

  async addAlert(alert: CheckInAlert): Promise<void> {
    await this.#ports.values.update(programmesKey(alert), (newest) => (newest ? null : alert));
  }

  async changeAlert(id: EventId, change: (alert: CheckInAlert) => CheckInAlert | null): Promise<void> {
    await this.#ports.values.update(`alert:${id}`, (newest) =>
      newest?.value.t === 'alert' ? change(newest.value) : null,
    );
  }

  async changeEnrolment(id: EventId, change: (enrolment: Enrolment) => Enrolment | null): Promise<void> {
    await this.#ports.values.update(`enrolment:${id}`, (newest) =>
      newest?.value.t === 'enrolment' ? change(newest.value) : null,
    );
    await this.#feed.current();
  }

  async protocol({ protocol: wanted }: Enrolment): Promise<Protocol | null> {
    const key = `protocol:${wanted.id}:${wanted.version}`;
    const known = this.#protocols.get(key) ?? (await this.#judge(key));
    return known !== null && equalBytes(known.hash, wanted.hash) ? known.protocol : null;
  }

  /** What the check says stays until the document or a signature changes; while it cannot be made, it throws. */
  async #judge(
    key: string,
  ): Promise<{ readonly hash: Uint8Array; readonly protocol: Protocol | null } | null> {
    const { values, protocols } = this.#ports;
    const kept = await values.get(key);
    if (kept?.value.t !== 'protocol') return null;
    const { mayRun } = await protocols.check(kept.value);
    const parsed = mayRun ? parseProtocol(kept.value.body) : null;
    const judged = { hash: kept.value.hash, protocol: parsed?.ok ? parsed.protocol : null };
    this.#protocols.set(key, judged);
    return judged;
  }

  #apply(value: ProgrammesValue, kept: KeptValue<ProgrammesValue>): void {
    switch (value.t) {
      case 'enrolment': {
        const { id, ref } = value;
        this.#enrolments.set(id, this.#ports.plans.asItStands(value, kept));
        const own = this.#byRef.get(ref) ?? new Set<EventId>();
        this.#byRef.set(ref, own.add(id));
        this.#ports.changed(ref);
        return;
      }
      case 'alert':
        this.#ports.shadow.take(value);
        // Somebody has acted: the clock stops.
        if (value.act !== null && value.act.doneAt !== null) this.#ports.changed(value.ref);
        return;
      case 'protocol':
        return this.#forget(value.id, value.version);
      case 'signature':
        return this.#forget(value.protocol, value.version);
      case 'run':
        return;
    }
  }

  #forget(id: string, version: number): void {
    this.#protocols.delete(`protocol:${id}:${version}`);
    for (const { protocol, ref } of this.#enrolments.values())
      if (protocol.id === id && protocol.version === version) this.#ports.changed(ref);
  }
}
