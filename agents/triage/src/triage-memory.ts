import type { AgentContext, Shelf } from '@baton/agent';
import { type ConversationId, encodeBase64Url, encodeUtf8, makeId, type MessageId } from '@baton/kernel';
import { z } from 'zod';

const ID_BYTES = 16;

const cursorRow = z.strictObject({
  /** Every message up to here was looked at, */
  seq: z.number().int().nonnegative(),
  /** and every change of one up to then. */
  editedAt: z.number().int().nonnegative(),
});
export type Cursor = z.infer<typeof cursorRow>;
const START: Cursor = { seq: 0, editedAt: 0 };

const saltRow = z.strictObject({ salt: z.string().min(20).max(64) });

type MemoryContext = Pick<AgentContext, 'state' | 'lease' | 'rng' | 'account'>;

/** How far each conversation was looked through. Positions only: nothing of what is written. */
export class TriageMemory {
  readonly #context: MemoryContext;
  readonly #cursors: Shelf<Cursor>;
  #salt = '';

  constructor(context: MemoryContext) {
    this.#context = context;
    this.#cursors = context.state.shelf('upto', cursorRow);
  }

  async cursor(conv: ConversationId): Promise<Cursor> {
    return (await this.#cursors.get(conv))?.value ?? START;
  }

  /** Never back: another station may have been further. */
  async advance(conv: ConversationId, to: Cursor): Promise<void> {
    this.#context.lease.requireHeld();
    await this.#cursors.update(conv, (newest) => {
      const known = newest?.value ?? START;
      const next = {
        seq: Math.max(known.seq, to.seq),
        editedAt: Math.max(known.editedAt, to.editedAt),
      };
      return next.seq === known.seq && next.editedAt === known.editedAt ? undefined : next;
    });
  }

  /** The id of the message that `parts` lead to: the same on every try and on every station, so that it is one message; known to nobody beforehand. */
  async messageId(...parts: readonly string[]): Promise<MessageId> {
    const salt = await this.#idSalt();
    const text = ['sg/triage-message/v1', this.#context.account, salt, ...parts].join('\0');
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(encodeUtf8(text)));
    return makeId('message', new Uint8Array(digest).slice(0, ID_BYTES));
  }

  async #idSalt(): Promise<string> {
    if (this.#salt !== '') return this.#salt;
    const { state, rng, lease } = this.#context;
    const shelf = state.shelf('salt', saltRow);
    lease.requireHeld();
    await shelf.update('ids', (newest) => (newest ? undefined : { salt: encodeBase64Url(rng.bytes(24)) }));
    this.#salt = (await shelf.get('ids'))?.value.salt ?? '';
    return this.#salt;
  }
}
