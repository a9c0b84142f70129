import { type Primitives, sealPut, signCollectionRoot } from '@baton/crypto';
import {
  type Bytes,
  type Clock,
  type ConversationId,
  encodeBase64Url,
  type Rng,
  type Timers,
} from '@baton/kernel';
import type { ConversationBook } from '../conversations/book.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Identity } from '../identity/identity.ts';
import type { Rest } from '../rest/rest.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { Appender } from '../writing/appender.ts';
import type { SendingGate } from '../writing/sending-gate.ts';
import type { CollectionBook, PutRow } from './collection-book.ts';

/** After the last put, the root is signed so much later: one root for a burst. */
const ROOT_AFTER_MS = 1500;
const MAX_TRIES = 12;

export interface CollectionWriterPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rest: Rest;
  readonly identity: () => Identity;
  readonly book: ConversationBook;
  readonly collections: CollectionBook;
  readonly generations: GenerationBook;
  /** Hash of the newest item of the stream that is here. */
  readonly newestHash: (conv: ConversationId) => Promise<Bytes | null>;
  readonly gate: SendingGate;
  readonly appender: Appender;
  readonly sync: SyncEngine;
}

/** What to write over the newest put of a key; null to leave it. */
export type PutDecision = (newest: PutRow | null) => Bytes | null;

/** Writes puts by compare-and-set, and signs the collection's root when a burst has ended. */
export class CollectionWriter {
  readonly #ports: CollectionWriterPorts;
  readonly #due = new Map<ConversationId, () => void>();

  constructor(ports: CollectionWriterPorts) {
    this.#ports = ports;
  }

  /** Answers whether something was written. The decision runs again when somebody else was faster. */
  async put(conv: ConversationId, text: string, decide: PutDecision): Promise<boolean> {
    const { sync, collections } = this.#ports;
    const key = await collections.keyFor(conv, text);
    if (!key) throw new ClientError('policy.not_a_member', 'collection');
    return sync.run(conv, async () => {
      for (let attempt = 1; ; attempt++) {
        const newest = await collections.get(conv, key);
        const content = decide(newest);
        if (content === null) return false;
        const { account: author, dk } = this.#ports.identity();
        await collections.requireCounts(conv, { key, content, before: newest }, { author, dk });
        try {
          await this.#putInLane(conv, { key, newest, content });
          this.#rootSoon(conv);
          return true;
        } catch (error) {
          if (!isClientError(error, 'conflict.version') || attempt >= MAX_TRIES) throw error;
          await sync.pullToNewest(conv);
        }
      }
    });
  }

  /** Signs the roots that are due now. */
  async flush(): Promise<void> {
    for (const [conv, cancel] of [...this.#due]) {
      cancel();
      this.#due.delete(conv);
      await this.#signRoot(conv);
    }
  }

  stop(): void {
    for (const cancel of this.#due.values()) cancel();
    this.#due.clear();
  }

  async #putInLane(
    conv: ConversationId,
    put: { readonly key: Bytes; readonly newest: PutRow | null; readonly content: Bytes },
  ): Promise<void> {
    const { primitives, rng, clock, generations, newestHash, gate, appender } = this.#ports;
    const { org, account, dk, deviceKey } = this.#ports.identity();
    await gate.sendInLane(conv, async (log) => {
      const keys = await generations.find(conv, log.state.gen);
      if (!keys) throw new ClientError('conflict.needs_rotate', 'keys', { retryMs: 5000 });
      const b = await sealPut(
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
            key: put.key,
            version: (put.newest?.version ?? 0) + 1,
            prev: put.newest?.hash ?? null,
            del: false,
          },
          keys,
          signer: deviceKey,
          content: put.content,
        },
      );
      await appender.append(conv, { k: 'put', b, boxes: [] });
    });
  }

  #rootSoon(conv: ConversationId): void {
    this.#due.get(conv)?.();
    const cancel = this.#ports.timers.after(ROOT_AFTER_MS, () => {
      this.#due.delete(conv);
      void this.#signRoot(conv).catch(() => this.#rootSoon(conv));
    });
    this.#due.set(conv, cancel);
  }

  async #signRoot(conv: ConversationId): Promise<void> {
    const { primitives, clock, rest, book, collections, sync } = this.#ports;
    const { org, account, dk, deviceKey } = this.#ports.identity();
    await sync.run(conv, async () => {
      const seq = book.get(conv)?.hi ?? 0;
      const root = await collections.root(conv);
      const signed = await signCollectionRoot(primitives, {
        key: deviceKey,
        body: { v: 1, t: 'collection-root', org, conv, author: account, dk, seq, root, ts: clock.nowMs() },
      });
      await rest.call({
        method: 'PUT',
        path: `/conversations/${conv}/root`,
        body: { root: encodeBase64Url(signed.bytes) },
        answer: null,
      });
    });
  }
}
