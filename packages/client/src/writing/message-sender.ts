import { type Primitives, sealEnvelope } from '@baton/crypto';
import type { Attachment, Content } from '@baton/wire';
import { contentCodec } from '@baton/wire';
import { type Clock, type ConversationId, type Rng } from '@baton/kernel';
import { viewKeyLog } from '@baton/policy';
import type { ConversationBook } from '../conversations/book.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Identity } from '../identity/identity.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLog } from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { Committed } from '../outbox/outbox.ts';
import type { ReceiptBook } from '../receipts/receipt-book.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { OutboxRow } from '../tables/records.ts';
import type { Appender } from './appender.ts';
import type { EntryWriter } from './entry-writer.ts';
import { rotateInLane, rotationReasons } from './rotation.ts';

const MAX_TRIES = 24;

export interface SenderPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly identity: () => Identity;
  readonly book: ConversationBook;
  readonly logs: MembershipLogs;
  readonly keyLog: KeyLogReplica;
  readonly generations: GenerationBook;
  readonly receipts: ReceiptBook;
  readonly writer: EntryWriter;
  readonly appender: Appender;
  readonly sync: SyncEngine;
  /** Uploads what is not uploaded yet; answers the attachments, in order. */
  readonly uploadFiles: (row: OutboxRow) => Promise<OutboxRow>;
  /** Throws `ClientError` at `blocked` where a member may not get keys. */
  readonly requireUnblocked: (log: MembershipLog) => void;
}

/**
 * Sends one message of the outbox: makes new keys first where they are due, seals under the newest generation, and seals again when the
 * members or the keys changed on the way. The message id stays, so that the server commits it once.
 */
export class MessageSender {
  readonly #ports: SenderPorts;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
  }

  async deliver(row: OutboxRow): Promise<Committed> {
    const ready = row.files.length > 0 ? await this.#ports.uploadFiles(row) : row;
    return this.#ports.sync.run(row.conv, () => this.#deliverInLane(ready));
  }

  async #deliverInLane(row: OutboxRow): Promise<Committed> {
    const { conv } = row;
    for (let attempt = 1; ; attempt++) {
      try {
        const log = await this.#rotateIfDue(conv);
        const b = await this.#seal(row, log);
        const answer = await this.#ports.appender.append(conv, { k: 'envelope', b, boxes: [] });
        return { seq: answer.seq, ts: answer.ts };
      } catch (error) {
        if (!isClientError(error) || !error.code.startsWith('conflict.') || attempt >= MAX_TRIES) throw error;
        if (error.retryMs > 0) throw error;
        await this.#ports.keyLog.catchUp();
        await this.#ports.sync.pullToNewest(conv);
      }
    }
  }

  /** The log under which the message is sealed: no reason for new keys is left, or only ones that can wait. */
  async #rotateIfDue(conv: ConversationId): Promise<MembershipLog> {
    const { book, logs, keyLog, clock, writer } = this.#ports;
    const row = book.get(conv);
    if (row?.frozen) throw new ClientError(row.frozen.code, 'blocked');
    const log = await logs.require(conv);
    this.#ports.requireUnblocked(log);
    const facts = { keyLog, nowMs: clock.nowMs(), newestSeq: row?.hi ?? 0 };
    if (rotationReasons(log, facts).length === 0) return log;
    await rotateInLane(conv, {
      writer,
      me: this.#ports.identity().account,
      view: () => viewKeyLog(keyLog.state),
      reasons: (state) => rotationReasons({ ...(logs.peek(conv) ?? log), state }, facts),
    });
    return logs.require(conv);
  }

  async #seal(row: OutboxRow, log: MembershipLog): Promise<Uint8Array> {
    const { primitives, rng, clock, generations, receipts } = this.#ports;
    const { org, account, dk, deviceKey } = this.#ports.identity();
    const { conv, id, as, content } = row;
    const keys = await generations.find(conv, log.state.gen);
    if (!keys) throw new ClientError('conflict.needs_rotate', 'keys', { retryMs: 5000 });
    return sealEnvelope(
      { primitives, rng },
      {
        header: {
          org,
          conv,
          gen: log.state.gen,
          logN: log.state.n,
          logHead: log.state.head,
          author: account,
          dk,
          ts: clock.nowMs(),
          last: receipts.last,
          id,
          as,
          class: row.class,
          blobs: attachmentsOf(content).map(({ blob }) => blob),
        },
        keys,
        signer: deviceKey,
        content: contentCodec.encode(content),
      },
    );
  }
}

function attachmentsOf(content: Content): readonly Attachment[] {
  return content.t === 'message' ? content.attachments : [];
}
