import type { AgentContext, Shelf } from '@baton/agent';
import { encodeBase64Url, encodeUtf8, ID_BYTES, makeId, type MessageId } from '@baton/kernel';
import { z } from 'zod';
import type { ChoiceRow, ChoiceShelf } from '../core/ports.ts';

const saltRow = z.strictObject({ salt: z.string().min(20).max(64) });
const choiceRow = z.strictObject({
  appointment: z.string().max(160).nullable(),
  recall: z.string().max(160).nullable(),
  slots: z.array(z.string().max(160)).max(9),
  until: z.number().int().nonnegative(),
  taken: z.string().max(160).nullable(),
});

type MemoryContext = Pick<AgentContext, 'state' | 'lease' | 'rng' | 'account'>;

/** What the assistant remembers beside the collections: a secret for its ids, and which times it gave whom to choose from. */
export class ReminderMemory implements ChoiceShelf {
  readonly #context: MemoryContext;
  readonly #choices: Shelf<ChoiceRow>;
  #salt = '';

  constructor(context: MemoryContext) {
    this.#context = context;
    this.#choices = context.state.shelf('choice', choiceRow);
  }

  async get(prompt: MessageId): Promise<ChoiceRow | null> {
    return (await this.#choices.get(prompt))?.value ?? null;
  }

  async put(prompt: MessageId, row: ChoiceRow): Promise<void> {
    this.#context.lease.requireHeld();
    await this.#choices.put(prompt, row);
  }

  /** The same on every try and on every station, so that it is one message; known to nobody beforehand. */
  async messageId(...parts: readonly string[]): Promise<MessageId> {
    const salt = await this.#idSalt();
    const text = ['sg/reminder-message/v1', this.#context.account, salt, ...parts].join('\0');
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(encodeUtf8(text)));
    return makeId('message', new Uint8Array(digest).slice(0, ID_BYTES));
  }

  async #idSalt(): Promise<string> {
    if (this.#salt !== '') return this.#salt;
    const { state, rng, lease } = this.#context;
    const shelf = state.shelf('salt', saltRow);
    const known = (await shelf.get('ids'))?.value.salt;
    if (known === undefined) {
      lease.requireHeld();
      await shelf.update('ids', (newest) => (newest ? undefined : { salt: encodeBase64Url(rng.bytes(24)) }));
    }
    this.#salt = known ?? (await shelf.get('ids'))?.value.salt ?? '';
    return this.#salt;
  }
}
