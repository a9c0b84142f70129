import type { AgentConversation } from '@baton/agent';
import type { AccountId, TimestampMs } from '@baton/kernel';
import { ANSWER_WITHIN_MS } from '@baton/policy';
import type { TimelineMessage } from '../threads.ts';

/** Staff who answer what was asked `stat` do so by name, at night as well, for so long after it was asked. */
const URGENT_MS = 2 * 3_600_000;

/** Who wrote an answer to something that was asked `stat` here a short while ago: a named clinician who lets it through the night. */
export function urgentBy(
  thread: AgentConversation,
  { author, at }: Pick<TimelineMessage, 'author' | 'at'>,
): AccountId | null {
  if (author.kind !== 'person') return null;
  const isAsked = thread.timeline.read().items.some((item) => {
    if (item.type !== 'message' || item.at > at || item.at < at - URGENT_MS) return false;
    return item.contract === 'stat' && (item.via !== null || item.author.kind === 'patient');
  });
  return isAsked ? author.id : null;
}

/** When the patient texted what this message goes on with: within the time that an answer may take. */
export function continuedBy(
  thread: AgentConversation,
  { at }: Pick<TimelineMessage, 'at'>,
): TimestampMs | null {
  const last = thread.timeline.read().items.findLast((item): item is TimelineMessage => {
    return item.type === 'message' && item.via !== null && item.at <= at && item.at > at - ANSWER_WITHIN_MS;
  });
  return last?.at ?? null;
}

/** Whether it passes what holds others up: it answers what was urgent, or goes on with what the patient texted just now. */
export function isPassing(thread: AgentConversation, message: TimelineMessage, nowMs: TimestampMs): boolean {
  if (urgentBy(thread, message) !== null) return true;
  const since = message.prompt === null ? null : continuedBy(thread, message);
  return since !== null && nowMs - since <= ANSWER_WITHIN_MS;
}
