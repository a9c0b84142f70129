import { type BoxKeyHolder, type Primitives, sealAsk, sealEnvelope } from '@baton/crypto';
import type { Bytes, Clock, ConversationId, Rng } from '@baton/kernel';
import {
  type Attachment,
  type Content,
  contentCodec,
  type EscalationContext,
  type EscalationParts,
} from '@baton/wire';
import { ClientError, isClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Identity } from '../identity/identity.ts';
import type { MembershipLog } from '../membership/membership-log.ts';
import type { Committed } from '../outbox/outbox.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { OutboxRow } from '../tables/records.ts';
import type { Appender } from './appender.ts';
import type { SendingGate } from './sending-gate.ts';

/** Each time with newer records and keys. */
const MAX_SEALINGS = 5;

/** For whom a message that asks for something is boxed, and what they are told beside it (docs/protocol/batons.md §5). */
export interface Escalation {
  recipients(row: OutboxRow): Promise<readonly BoxKeyHolder[]>;
  context(row: OutboxRow): EscalationContext;
}

export interface SenderPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly identity: () => Identity;
  readonly generations: GenerationBook;
  /** Hash of the newest item of the stream that is here. */
  readonly newestHash: (conv: ConversationId) => Promise<Bytes | null>;
  readonly gate: SendingGate;
  readonly escalation: Escalation;
  /** Fetches what decides who belongs to a ladder and which keys they have. */
  readonly freshenLadders: () => Promise<void>;
  readonly appender: Appender;
  readonly sync: SyncEngine;
}

/**
 * Sends one message of the outbox: seals it under the newest generation, and again when members or keys changed on the way. The message id
 * stays, so that the server commits it once.
 */
export class MessageSender {
  readonly #ports: SenderPorts;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
  }

  async deliver(row: OutboxRow): Promise<Committed> {
    const { sync, gate, appender, freshenLadders } = this.#ports;
    const send = () =>
      gate.sendInLane(row.conv, async (log) => {
        const { bytes: b, parts } = await this.#seal(row, log);
        const { seq, ts } = await appender
          .append(row.conv, { k: 'envelope', b, boxes: [], ...(parts && { escalation: parts }) })
          .catch((error: unknown) => this.#settleLostAnswer(row, error));
        return { seq, ts };
      });
    return sync.run(row.conv, async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await send();
        } catch (error) {
          // Ladder, schedule or keys changed since it was sealed: once more with the newest.
          if (!isClientError(error, 'baton.escalation') || tries >= MAX_SEALINGS) throw error;
          await freshenLadders();
        }
      }
    });
  }

  /** An earlier sealing was committed and its answer lost: the stream has it, and takes the row out of the outbox. */
  async #settleLostAnswer(row: OutboxRow, error: unknown): Promise<never> {
    if (isClientError(error, 'conflict.exists')) await this.#ports.sync.pullToNewest(row.conv);
    throw error;
  }

  async #seal(row: OutboxRow, log: MembershipLog): Promise<{ bytes: Bytes; parts: EscalationParts | null }> {
    const { primitives, rng, clock, generations, newestHash, escalation } = this.#ports;
    const { org, account, dk, deviceKey } = this.#ports.identity();
    const { conv, id, as, content } = row;
    const keys = await generations.find(conv, log.state.gen);
    if (!keys) throw new ClientError('conflict.needs_rotate', 'keys', { retryMs: 5000 });
    const header = {
      org,
      conv,
      gen: log.state.gen,
      logN: log.state.n,
      logHead: log.state.head,
      author: account,
      dk,
      ts: clock.nowMs(),
      last: await newestHash(conv),
      id,
      as,
      class: row.class,
      blobs: attachmentsOf(content).map(({ blob }) => blob),
    };
    const sealing = { keys, signer: deviceKey, content: contentCodec.encode(content) };
    if (row.class.contract === 'fyi') {
      const input = { ...sealing, header: { ...header, escalation: null } };
      return { bytes: await sealEnvelope({ primitives, rng }, input), parts: null };
    }
    const recipients = await escalation.recipients(row);
    const context = escalation.context(row);
    return sealAsk({ primitives, rng }, { ...sealing, header, recipients, context });
  }
}

function attachmentsOf(content: Content): readonly Attachment[] {
  return content.t === 'message' ? content.attachments : [];
}
