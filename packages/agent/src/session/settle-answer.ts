import {
  type Baton,
  ClientError,
  type Conversation,
  type LiveSession,
  type TimelineMessage,
} from '@baton/client';
import type { MessageId } from '@baton/kernel';

/** The server opens batons after it has committed the message; so long it, and a connection, are waited for at most. */
const OPENING_MS = 20_000;
const LOOK_MS = 250;
const PAGES = 20;

interface Needs {
  readonly session: LiveSession;
  readonly wait: { after(delayMs: number, task: () => void): () => void };
}

/** Refusals that say that a person must see to it, or was faster. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'baton.ended',
  'baton.not_yours',
  'policy.forbidden',
  'policy.manifest',
]);

/** Ends the batons of an answer to a question of this agent's (docs/protocol/programmes.md §3). What the server and every reader check is checked there. */
export async function settleAnswer(thread: Conversation, id: MessageId, needs: Needs): Promise<boolean> {
  const { session, wait } = needs;
  const { account } = session.me.read();
  const message = await findMessage(thread, id);
  const question = message?.answers && (await findMessage(thread, message.answers.prompt));
  // A patient's answer, in person or by a text, to a question that this agent asked.
  if (!message || !question?.prompt || question.author.id !== account) return false;
  if (message.contract === 'fyi') return true;
  if (message.contract !== 'reply' || message.flags.length > 0) return false;
  const batons = await batonsOf(id, session, wait);
  if (batons.length === 0) return false;
  const open = batons.filter(({ ended }) => ended === null);
  for (const baton of open) if (!(await close(baton, session, wait))) return false;
  return session.batons
    .ofMessage(id)
    .every(({ ended }) => ended?.by.id === account && ended.reason === 'automation');
}

/** False where a person must see to it. What lies in the connection is tried again for a while, and thrown on then. */
async function close(baton: Baton, session: LiveSession, wait: Needs['wait']): Promise<boolean> {
  for (let waitedMs = 0; ; ) {
    try {
      await session.batons.close(baton.id, 'automation');
      return true;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (NOT_OURS.has(error.code)) return false;
      const { retryMs } = error;
      waitedMs += retryMs;
      if (retryMs === 0 || waitedMs > OPENING_MS) throw error;
      await new Promise<void>((resolve) => wait.after(retryMs, resolve));
    }
  }
}

/** The newest pages are there; a question may lie some way back. */
async function findMessage(thread: Conversation, id: MessageId): Promise<TimelineMessage | null> {
  for (let page = 0; page < PAGES; page++) {
    const { items, hasOlder } = thread.timeline.read();
    const found = items.find((item) => item.type === 'message' && item.id === id);
    if (found?.type === 'message') return found;
    if (!hasOlder) return null;
    await thread.loadOlder();
  }
  return null;
}

async function batonsOf(id: MessageId, session: LiveSession, wait: Needs['wait']): Promise<readonly Baton[]> {
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const batons = session.batons.ofMessage(id);
    if (batons.length > 0 || waitedMs >= OPENING_MS) return batons;
    await new Promise<void>((resolve) => wait.after(LOOK_MS, resolve));
  }
}
