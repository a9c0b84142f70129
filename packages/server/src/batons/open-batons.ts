import { type BatonId, batonOfMessage, type MessageId, type OrgId } from '@baton/kernel';
import { openEnvelope } from '@baton/ledger';
import { openBaton } from '@baton/policy';
import { accept } from '../api-error.ts';
import type { Ports } from '../ports.ts';
import { readOpenings, type StoredOpening } from '../store/batons.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { BatonDesk, OpenDesk } from './baton-desk.ts';

/**
 * Opens the batons of committed messages, one for each owner that the header names (docs/protocol/batons.md §1). What is to be opened was written
 * with the message; whoever comes first opens it, at the time at which the message was committed.
 */
export async function openBatonsOf(
  needs: { ports: Ports },
  desk: OpenDesk,
  messages: readonly MessageId[],
): Promise<void> {
  for (const opening of await readOpenings(desk.trx, messages)) await openOne(needs, desk, opening);
}

async function openOne({ ports }: { ports: Ports }, desk: OpenDesk, opening: StoredOpening): Promise<void> {
  const { header } = accept(openEnvelope(ports.digest, opening.body));
  const { org, conv, author, class: asks } = header;
  const { contract, to, withinMs } = asks;
  if (contract !== 'fyi') {
    const names = to.map((_, index) => batonOfMessage(header.id, index));
    const known = await desk.load(names);
    for (const [index, owner] of to.entries()) {
      const baton = names[index] as BatonId;
      if (known.has(baton)) continue;
      const deadline = opening.ts + (withinMs ?? 0);
      const asked = { org, baton, conv, opener: author, contract, to: owner, deadline, reference: null };
      const op = openBaton(asked, desk.book.facts, opening.ts);
      await desk.settle(await desk.sign({ org, baton }, op, opening.ts));
    }
  }
  desk.opened(opening.message);
}

/** Opens batons as soon as their messages are committed; those that come meanwhile go together. What fails is left to the clock. */
export interface BatonOpener {
  open(org: OrgId, messages: readonly MessageId[]): void;
  /** Resolves when nothing is under way. */
  drain(): Promise<void>;
}

const MAX_MESSAGES = 64;

export function createBatonOpener(needs: { desk: BatonDesk; ports: Ports; log: Logger }): BatonOpener {
  const waiting = new Map<OrgId, MessageId[]>();
  const running = new Map<OrgId, Promise<void>>();

  async function run(org: OrgId, queue: MessageId[]): Promise<void> {
    while (queue.length > 0) {
      const messages = queue.splice(0, MAX_MESSAGES);
      try {
        await needs.desk.change(org, (desk) => openBatonsOf(needs, desk, messages));
      } catch (error) {
        needs.log.error('background', { event: 'open batons', ...describeError(error) });
      }
    }
    waiting.delete(org);
    running.delete(org);
  }

  return {
    open(org, messages) {
      const queue = waiting.get(org);
      if (queue !== undefined) {
        queue.push(...messages);
        return;
      }
      const fresh = [...messages];
      waiting.set(org, fresh);
      running.set(org, run(org, fresh));
    },
    async drain() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
