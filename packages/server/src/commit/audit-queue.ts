import type { OrgId } from '@baton/kernel';
import type { Ports } from '../ports.ts';
import { type AuditEvent, recordAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';

/**
 * Writes audit events of what is no commit itself (readings, refusals), gathered: a client that opens 500 conversations costs a handful
 * of commits and not 500. `record` resolves when the event is durable.
 */
export interface AuditQueue {
  record(org: OrgId, event: AuditEvent): Promise<void>;
  /** As `record`, but once for each key in the life of this process. */
  recordOnce(org: OrgId, key: string, event: AuditEvent): Promise<void>;
  /** Resolves when nothing is queued or in flight. */
  drain(): Promise<void>;
}

const MAX_EVENTS = 500;
const MAX_KEYS = 100_000;

interface Waiting {
  readonly event: AuditEvent;
  resolve(): void;
  reject(error: unknown): void;
}

export function createAuditQueue(needs: { db: Database; ports: Ports }): AuditQueue {
  const { db, ports } = needs;
  const queues = new Map<OrgId, Waiting[]>();
  const running = new Set<Promise<void>>();
  const recorded = new Set<string>();

  async function run(org: OrgId, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, MAX_EVENTS);
      try {
        await recordAudit(
          db,
          { org, atMs: ports.clock.nowMs() },
          batch.map(({ event }) => event),
        );
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    queues.delete(org);
  }

  function record(org: OrgId, event: AuditEvent): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const waiting: Waiting = { event, resolve, reject };
      const queue = queues.get(org);
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      const fresh = [waiting];
      queues.set(org, fresh);
      // One turn later, so that whatever was asked together is written together.
      ports.soon(() => {
        const round = run(org, fresh);
        running.add(round);
        void round.then(() => running.delete(round));
      });
    });
  }

  return {
    record,
    async recordOnce(org, key, event) {
      if (recorded.has(key)) return;
      await record(org, event);
      if (recorded.size >= MAX_KEYS) recorded.clear();
      recorded.add(key);
    },
    async drain() {
      while (queues.size > 0) {
        await Promise.all(running);
        await new Promise<void>((resolve) => ports.soon(resolve));
      }
    },
  };
}
