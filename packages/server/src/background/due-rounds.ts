import type { OrgId } from '@baton/kernel';
import type { Ports } from '../ports.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';

/** Does what is due in each organisation, when it is due. What is due lies in the database; all that is kept here are hints. */
export interface DueRounds {
  /** Something is going to be due then: looked at no later. */
  wake(org: OrgId, dueAtMs: number): void;
  stop(): Promise<void>;
}

/** What other processes, or one that died, left behind is found within this time. */
const SWEEP_MS = 5000;

export function startDueRounds(needs: {
  readonly ports: Pick<Ports, 'clock' | 'timers'>;
  readonly log: Logger;
  /** Names the rounds in the log. */
  readonly event: string;
  readonly listOrgs: () => Promise<readonly OrgId[]>;
  /** Does what is due now; answers when the next is due, null for nothing. */
  readonly work: (org: OrgId) => Promise<number | null>;
}): DueRounds {
  const { ports, log, event, listOrgs, work } = needs;
  const planned = new Map<OrgId, { readonly atMs: number; readonly cancel: () => void }>();
  const running = new Map<OrgId, Promise<void>>();
  let stopped = false;
  let sweeping: Promise<void> = Promise.resolve();
  let cancelSweep = planSweep(0);

  function wake(org: OrgId, dueAtMs: number): void {
    const known = planned.get(org);
    if (stopped || (known !== undefined && known.atMs <= dueAtMs)) return;
    known?.cancel();
    const delayMs = Math.min(Math.max(0, dueAtMs - ports.clock.nowMs()), SWEEP_MS);
    const cancel = ports.timers.after(delayMs, () => {
      planned.delete(org);
      void round(org);
    });
    planned.set(org, { atMs: dueAtMs, cancel });
  }

  /** One at a time for each organisation. */
  function round(org: OrgId): Promise<void> {
    const current = running.get(org);
    if (current !== undefined) {
      // It may have looked already before this became due.
      void current.then(() => wake(org, ports.clock.nowMs()));
      return current;
    }
    const fresh = work(org)
      .then((nextMs) => {
        if (nextMs !== null && nextMs - ports.clock.nowMs() < SWEEP_MS) wake(org, nextMs);
      })
      .catch((error: unknown) => log.error('background', { event, ...describeError(error) }))
      .finally(() => running.delete(org));
    running.set(org, fresh);
    return fresh;
  }

  async function sweep(): Promise<void> {
    for (const org of await listOrgs()) {
      if (stopped) return;
      await round(org);
    }
  }

  function planSweep(delayMs: number): () => void {
    return ports.timers.after(delayMs, () => {
      sweeping = sweep().catch((error: unknown) =>
        log.error('background', { event, ...describeError(error) }),
      );
      void sweeping.then(() => {
        if (!stopped) cancelSweep = planSweep(SWEEP_MS);
      });
    });
  }

  return {
    wake,
    async stop() {
      stopped = true;
      cancelSweep();
      for (const { cancel } of planned.values()) cancel();
      planned.clear();
      await sweeping;
      await Promise.all(running.values());
    },
  };
}

/** Hints from inside a transaction, kept until it is committed: whoever looked before would find nothing. */
export interface HeldHints {
  hold(org: OrgId, dueAtMs: number): void;
  /** Hands on what was held for the organisation. A transaction that was rolled back costs one look in vain. */
  release(org: OrgId, rounds: DueRounds): void;
}

export function createHeldHints(): HeldHints {
  const held = new Map<OrgId, number>();
  return {
    hold: (org, dueAtMs) => void held.set(org, Math.min(held.get(org) ?? dueAtMs, dueAtMs)),
    release(org, rounds) {
      const dueAtMs = held.get(org);
      if (dueAtMs === undefined) return;
      held.delete(org);
      rounds.wake(org, dueAtMs);
    },
  };
}
