import { type Primitives, sealEnvelope } from '@baton/crypto';
import type { Bytes, Clock, ConversationId, Rng } from '@baton/kernel';
import { type Attachment, type Content, contentCodec } from '@baton/wire';
import { ClientError, isClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Identity } from '../identity/identity.ts';
import type { MembershipLog } from '../membership/membership-log.ts';
import type { Committed } from '../outbox/outbox.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { OutboxRow } from '../tables/records.ts';
import type { Appender } from './appender.ts';
import type { SendingGate } from './sending-gate.ts';

export interface SenderPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly identity: () => Identity;
  readonly generations: GenerationBook;
  /** Hash of the newest item of the stream that is here. */
  readonly newestHash: (conv: ConversationId) => Promise<Bytes | null>;
  readonly gate: SendingGate;
  readonly appender: Appender;
  readonly sync: SyncEngine;
  /** Uploads what is not uploaded yet and answers the row with its attachments. */
  readonly uploadFiles: (row: OutboxRow) => Promise<OutboxRow>;
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
    const { sync, gate, appender, uploadFiles } = this.#ports;
    const ready = row.files.length > 0 ? await uploadFiles(row) : row;
    return sync.run(row.conv, () =>
      gate.sendInLane(row.conv, async (log) => {
        const b = await this.#seal(ready, log);
        const { seq, ts } = await appender
          .append(row.conv, { k: 'envelope', b, boxes: [] })
          .catch((error: unknown) => this.#settleLostAnswer(row, error));
        return { seq, ts };
      }),
    );
  }

  /** An earlier sealing was committed and its answer lost: the stream has it, and takes the row out of the outbox. */
  async #settleLostAnswer(row: OutboxRow, error: unknown): Promise<never> {
    if (isClientError(error, 'conflict.exists')) await this.#ports.sync.pullToNewest(row.conv);
    throw error;
  }

  async #seal(row: OutboxRow, log: MembershipLog): Promise<Uint8Array> {
    const { primitives, rng, clock, generations, newestHash } = this.#ports;
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
          last: await newestHash(conv),
          id,
          as,
          class: row.class,
          blobs: attachmentsOf(content).map(({ blob }) => blob),
          escalation: null,
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
