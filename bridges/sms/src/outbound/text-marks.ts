import { AgentError } from '@baton/agent';
import type { ConversationId, MessageId } from '@baton/kernel';
import { joinStates } from '@baton/policy';
import type { ContentOf } from '@baton/wire';
import type { TextRow } from '../records/rows.ts';
import type { Surroundings } from '../surroundings.ts';

export type Mark = Pick<ContentOf<'delivery'>, 'mode' | 'state' | 'segments' | 'code'>;

/** What is said of a text in all its parts: the worst of them, and why. */
export function markOf({ mode, parts, segments }: TextRow): Mark {
  const state = joinStates(parts.map((part) => part.state));
  return { mode, state, segments, code: parts.find((part) => part.state === state)?.code ?? null };
}

/** Says in the thread what became of messages of staff (content `delivery`). Saying it twice changes nothing. */
export async function tellMarks(
  { threads, context }: Surroundings,
  conv: ConversationId,
  messages: readonly MessageId[],
  mark: Mark,
): Promise<void> {
  if (messages.length === 0 || !threads.isOpen(conv)) return;
  try {
    const thread = await threads.open(conv);
    for (const target of messages) {
      context.lease.requireHeld();
      await thread.post({ t: 'delivery', target, ...mark });
    }
  } catch (error) {
    // Taken out of the conversation meanwhile, or it is the queue: nobody is told here.
    if (!(error instanceof AgentError && error.code === 'manifest')) throw error;
  }
}

/** What a text's row says is told in the thread, and in its order. */
export async function tellText(around: Surroundings, reference: string): Promise<void> {
  const { memory, texting, context } = around;
  const row = memory.texts.get(reference);
  if (row === null) return;
  const mark = markOf(row);
  const told = `${mark.state}:${mark.code ?? ''}`;
  if (row.told === told) return;
  if (row.conv !== null) await tellMarks(around, row.conv, row.messages, mark);
  if (row.order !== null) {
    const updatedAt = context.clock.nowMs();
    context.lease.requireHeld();
    await texting.values.update(`order:${row.order}`, (newest) => {
      if (newest?.value.t !== 'order') return null;
      const { state, segments, code } = mark;
      return { ...newest.value, state, segments, code, dueAt: null, updatedAt };
    });
  }
  await memory.texts.change(reference, (newest) => (newest ? { ...newest, told } : undefined));
}
