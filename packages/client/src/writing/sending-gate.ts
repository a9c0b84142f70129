import type { Clock, ConversationId } from '@baton/kernel';
import type { MembershipViews } from '../agents/membership-views.ts';
import type { ConversationBook } from '../conversations/book.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLog } from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { EntryWriter } from './entry-writer.ts';
import { rotateInLane, rotationReasons } from './rotation.ts';

const MAX_TRIES = 24;

export interface GatePorts {
  readonly clock: Clock;
  readonly book: ConversationBook;
  readonly logs: MembershipLogs;
  readonly keyLog: KeyLogReplica;
  readonly views: MembershipViews;
  readonly writer: EntryWriter;
  readonly sync: SyncEngine;
  /** Throws `ClientError` at `blocked` where a member may not get keys. */
  readonly requireUnblocked: (log: MembershipLog) => void;
}

/** Before anything is sealed: nobody is blocked, and the keys are those that the newest key log calls for. */
export class SendingGate {
  readonly #ports: GatePorts;

  constructor(ports: GatePorts) {
    this.#ports = ports;
  }

  /** Runs `attempt` with a log that is good to seal under, again where members or keys changed on the way. In the conversation's lane. */
  async sendInLane<T>(conv: ConversationId, attempt: (log: MembershipLog) => Promise<T>): Promise<T> {
    let flagged = false;
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(await this.#ready(conv, flagged));
      } catch (error) {
        if (!isClientError(error) || !RACES.has(error.code) || tries >= MAX_TRIES) throw error;
        if (error.retryMs > 0) throw error;
        flagged = error.code === 'conflict.needs_rotate';
        await this.#ports.keyLog.catchUp();
        await this.#ports.sync.pullToNewest(conv);
      }
    }
  }

  /** The log to seal under. `flagged`: the server asks for new keys although this device sees no reason. */
  async #ready(conv: ConversationId, flagged: boolean): Promise<MembershipLog> {
    const { book, logs, clock, writer, views } = this.#ports;
    const row = book.get(conv);
    if (row?.frozen) throw new ClientError(row.frozen.code, 'blocked');
    const log = await logs.require(conv);
    this.#ports.requireUnblocked(log);
    const facts = { view: views.view(), nowMs: clock.nowMs(), newestSeq: row?.hi ?? 0 };
    const before = log.state.gen;
    if (rotationReasons(log, facts).length === 0 && !flagged) return log;
    await rotateInLane(conv, {
      writer,
      view: () => views.view(),
      reasons: (state) => {
        const reasons = rotationReasons({ ...(logs.peek(conv) ?? log), state }, facts);
        return reasons.length === 0 && flagged && state.gen === before ? ['policy'] : reasons;
      },
    });
    return logs.require(conv);
  }
}

/** Somebody else was faster. */
const RACES: ReadonlySet<string> = new Set([
  'conflict.head',
  'conflict.stale_generation',
  'conflict.needs_rotate',
]);
