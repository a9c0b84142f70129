import type { ConversationId } from '@baton/kernel';
import { conversationPage } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { Rest } from '../rest/rest.ts';
import { inParallel } from '../sync/engine.ts';
import type { SessionParts } from './parts.ts';

const PAGE = 200;

type Parts = Pick<SessionParts, 'book' | 'sync' | 'streams' | 'collections'>;

interface ListPorts {
  readonly rest: Rest;
  /** Everything is listed, and what could be opened is. */
  readonly listed: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Which conversations the server shows this account: a role that is held anew brings some that no change points at. */
export class ReachableList {
  readonly #parts: Parts;
  readonly #ports: ListPorts;
  #listedOnce = false;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(parts: Parts, ports: ListPorts) {
    this.#parts = parts;
    this.#ports = ports;
  }

  get listedOnce(): boolean {
    return this.#listedOnce;
  }

  /** Lists them, and reads what could not be opened before; calls during a listing make one more after it. */
  refresh(): Promise<void> {
    this.#again = this.#running !== null;
    this.#running ??= this.#list().finally(() => {
      this.#running = null;
      if (this.#again) void this.refresh().catch(this.#ports.failed);
    });
    return this.#running;
  }

  async #list(): Promise<void> {
    const { book, sync, streams, collections } = this.#parts;
    const reachable = new Set<ConversationId>();
    for (let after: ConversationId | null = null; ; ) {
      const page = await this.#fetch(after);
      const unknown = page.conversations.filter(({ conv }) => book.get(conv) === null);
      await inParallel(unknown, 4, ({ conv, seq }) => sync.run(conv, () => streams.introduce(conv, seq)));
      for (const { conv } of page.conversations) reachable.add(conv);
      if (page.next === null) break;
      if (page.next <= (after ?? '')) throw new ClientError('ledger.bad_proof', 'conversations');
      after = page.next;
    }
    this.#listedOnce = true;
    for (const { conv } of [...book.all()]) await streams.setLeft(conv, !reachable.has(conv));
    for (const row of [...book.all()]) {
      if (row.sealedFrom !== null) await sync.run(row.conv, () => streams.reopen(row.conv));
      if (row.kind === 'collection') await sync.run(row.conv, () => collections.reopen(row.conv));
    }
    await this.#ports.listed();
  }

  #fetch(after: ConversationId | null): Promise<{
    readonly conversations: readonly { readonly conv: ConversationId; readonly seq: number }[];
    readonly next: ConversationId | null;
  }> {
    const query = { after, limit: PAGE };
    return this.#ports.rest.call({ method: 'GET', path: '/conversations', query, answer: conversationPage });
  }
}
