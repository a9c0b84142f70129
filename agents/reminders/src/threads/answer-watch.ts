import type { AgentContext, AgentConversation, Shelf } from '@baton/agent';
import type { ConversationId } from '@baton/kernel';
import { z } from 'zod';
import type { Answer } from '../core/ports.ts';
import { findMessage, loadOlder, type Message } from './find-message.ts';

/** Offline, or a key is late: once more, a little later. */
const RETRY_MS = 3000;
/** How far a first look at a conversation goes back. */
const FIRST_LOOK_MS = 14 * 24 * 3_600_000;

const cursorRow = z.strictObject({
  /** Every answer up to here was dealt with. */
  seq: z.number().int().nonnegative(),
});
type Cursor = z.infer<typeof cursorRow>;

type WatchContext = Pick<AgentContext, 'session' | 'state' | 'lease' | 'clock' | 'wait' | 'activity'>;

/**
 * Finds patients' answers to the assistant's questions, in the order in which they were written. How far it has come is written down after an answer was
 * dealt with, so that a run that is killed is taken up by the next.
 */
export class AnswerWatch {
  readonly #context: WatchContext;
  readonly #take: (answer: Answer) => Promise<unknown>;
  readonly #cursors: Shelf<Cursor>;
  /** What each conversation showed when it was last looked through, and up to where. */
  readonly #seen = new Map<ConversationId, string>();
  readonly #upTo = new Map<ConversationId, number>();
  #off: readonly (() => void)[] = [];
  #cancelRetry: () => void = () => {};
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(context: WatchContext, take: (answer: Answer) => Promise<unknown>) {
    this.#context = context;
    this.#take = take;
    this.#cursors = context.state.shelf('upto', cursorRow);
  }

  start(): void {
    const { session, lease } = this.#context;
    this.#off = [
      session.conversations.subscribe(() => this.#look()),
      lease.subscribe((held) => {
        // Another station may have gone on meanwhile.
        this.#seen.clear();
        this.#upTo.clear();
        if (held) this.#look();
      }),
    ];
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    for (const end of this.#off) end();
    await this.#looking;
  }

  /** A burst of changes is one look. */
  #look(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#lookAll().finally(() => {
      this.#looking = null;
    });
  }

  async #lookAll(): Promise<void> {
    const { session, lease, activity } = this.#context;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      for (const { id, kind, lastAt, preview } of session.conversations.list()) {
        if (kind !== 'patient') continue;
        if (this.#stopped || !lease.isHeld) return;
        const mark = `${lastAt} ${preview?.text ?? ''}`;
        if (this.#seen.get(id) === mark) continue;
        try {
          if (await this.#lookThrough(id)) this.#seen.set(id, mark);
          else this.#lookLater();
        } catch {
          await activity.note('reminders.look', [id], 'failed');
          this.#lookLater();
        }
      }
    }
  }

  #lookLater(): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#context.wait.after(RETRY_MS, () => this.#look());
  }

  /** Answers whether all of it could be looked through. */
  async #lookThrough(conv: ConversationId): Promise<boolean> {
    const { session, lease } = this.#context;
    const thread = await session.conversations.open(conv);
    const upTo = this.#upTo.get(conv) ?? (await this.#cursors.get(conv))?.value.seq ?? 0;
    const found = await this.#newSince(thread, upTo);
    const waiting = waitingAt(thread) ?? Number.MAX_SAFE_INTEGER;
    for (const message of found) {
      const seq = message.seq ?? 0;
      // What is sealed now comes before it: answers are taken in order.
      if (seq > waiting) return false;
      const answer = await answerOf(thread, message);
      if (answer !== null) {
        await this.#take({ conv, ...answer });
        lease.requireHeld();
        await this.#cursors.update(conv, (newest) => ((newest?.value.seq ?? 0) >= seq ? undefined : { seq }));
      }
      this.#upTo.set(conv, seq);
    }
    return waiting === Number.MAX_SAFE_INTEGER;
  }

  async #newSince(thread: AgentConversation, upTo: number): Promise<readonly Message[]> {
    const notBefore = upTo === 0 ? this.#context.clock.nowMs() - FIRST_LOOK_MS : 0;
    for (;;) {
      const { items, hasOlder } = thread.timeline.read();
      const first = items.find(({ seq }) => seq !== null);
      const isMissing = (first?.seq ?? 0) > upTo + 1 && (first?.at ?? 0) >= notBefore;
      if (isMissing && hasOlder && (await loadOlder(thread))) continue;
      return items.filter(
        (item): item is Message => item.type === 'message' && (item.seq ?? 0) > upTo && item.at >= notBefore,
      );
    }
  }
}

/** A patient's answer to a question of this assistant's own; null for everything else. */
async function answerOf(thread: AgentConversation, message: Message): Promise<Omit<Answer, 'conv'> | null> {
  const { id, at, text, answers, author, via, withdrawn, contract, flags, attachments, editedAt } = message;
  if (answers === null || withdrawn !== null || (author.kind !== 'patient' && via === null)) return null;
  const asked = await findMessage(thread, answers.prompt);
  if (asked?.mine !== true || asked.prompt === null || asked.withdrawn !== null) return null;
  // What comes later is a message like any other.
  const isForPerson =
    contract === 'stat' ||
    flags.length > 0 ||
    attachments.length > 0 ||
    at > asked.prompt.until ||
    editedAt !== null;
  return {
    id,
    at,
    text,
    choice: answers.choice,
    isForPerson,
    question: { id: asked.id, prompt: asked.prompt },
  };
}

/** Position of the first item whose key is late. */
function waitingAt(thread: AgentConversation): number | null {
  const waiting = thread.timeline.read().items.find((item) => {
    return item.type === 'problem' && item.code === 'policy.generation';
  });
  return waiting?.seq ?? null;
}
