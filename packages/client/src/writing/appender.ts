import type { Bytes, ConversationId } from '@baton/kernel';
import type { AppendAnswer, EscalationParts, Item, ItemKind } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { ReceiptBook } from '../receipts/receipt-book.ts';
import type { Connection } from '../sync/connection.ts';
import type { ItemSink, SyncEngine } from '../sync/engine.ts';

export interface AppenderPorts {
  readonly connection: () => Connection;
  readonly receipts: ReceiptBook;
  readonly sync: SyncEngine;
  readonly sink: ItemSink;
  /** The server says that an item was committed before, and its stream does not have it. */
  readonly withheld: (conv: ConversationId, seq: number) => void;
}

/** Hands one item to the server and takes the committed item into the stream. Runs inside the conversation's lane. */
export class Appender {
  readonly #ports: AppenderPorts;

  constructor(ports: AppenderPorts) {
    this.#ports = ports;
  }

  async append(
    conv: ConversationId,
    item: {
      readonly k: ItemKind;
      readonly b: Bytes;
      readonly boxes: readonly Bytes[];
      /** With an envelope that asks for something. */
      readonly escalation?: EscalationParts;
    },
  ): Promise<AppendAnswer> {
    const { k, b } = item;
    const said = await this.#ports
      .connection()
      .ask({ t: 'append', conv, k, b, boxes: [...item.boxes], escalation: item.escalation ?? null });
    if (!('receipt' in said)) throw new ClientError('wire.schema', 'append');
    const answer = said as AppendAnswer;
    if (!(await this.#ports.receipts.check(conv, b, answer)))
      throw new ClientError('ledger.bad_proof', 'receipt');
    await this.land(conv, { seq: answer.seq, k, b, batch: answer.batch, ts: answer.ts }, answer.replay);
    if (answer.replay && !(await this.#ports.sink.holds(conv, { seq: answer.seq, k, b }))) {
      this.#ports.withheld(conv, answer.seq);
      throw new ClientError('ledger.rollback', 'receipt');
    }
    return answer;
  }

  /** A conversation that this device made. */
  introduce(conv: ConversationId, seq: number): Promise<void> {
    return this.#ports.sink.introduce(conv, seq);
  }

  /** An own item that follows the newest one is taken as it is; otherwise the stream brings it, with what came before. */
  async land(conv: ConversationId, item: Item, replay: boolean): Promise<void> {
    const reached = this.#ports.sink.reached(conv);
    // It came by the stream first, or the place was taken already: then the server tells two stories.
    if (reached !== null && reached >= item.seq)
      return replay ? undefined : this.#ports.sink.compare(conv, item);
    if (!replay && reached === item.seq - 1) await this.#ports.sink.ingest(conv, [item]);
    else await this.#ports.sync.pullToNewest(conv);
  }
}
