import type { Appointment } from '@baton/wire';
import type { FeedPorts, FeedVisit } from './feed-ports.ts';

/** Writes the visits that a feed brings, each by compare-and-set on the newest value. */
export class FeedVisits {
  readonly #ports: FeedPorts;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  /** Resolves once the server has committed it, or has it already. Answers whether something was written. Throws where it could not be committed. */
  async take(visit: FeedVisit): Promise<boolean> {
    const { context, values, merge } = this.#ports;
    context.lease.requireHeld();
    return values.update(`appointment:${visit.id}`, (newest) => {
      const current = newest?.value.t === 'appointment' ? newest.value : null;
      const nowMs = context.clock.nowMs();
      return merge(current, visit, nowMs) ?? withPatient(current, visit, nowMs);
    });
  }

  /** As it lies there now; null where there is none. */
  async find(id: string): Promise<Appointment | null> {
    const kept = await this.#ports.values.get(`appointment:${id}`);
    return kept?.value.t === 'appointment' ? kept.value : null;
  }
}

/** A message that was taken while nobody knew its patient changes nothing when it comes again, but whose visit it is. */
function withPatient(current: Appointment | null, { ref }: FeedVisit, nowMs: number): Appointment | null {
  if (current === null || current.ref !== null || ref === null) return null;
  return { ...current, ref, updatedAt: nowMs };
}
