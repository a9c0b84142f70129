import type { ConversationId } from '@baton/kernel';

/**
 * Keeps one client's appends to a conversation in the order in which it sent them: each begins when the one before is answered, so that
 * a membership entry and the message sealed by it can be sent in one go.
 */
export interface Lane {
  run<T>(conv: ConversationId, task: () => Promise<T>): Promise<T>;
}

export function createLane(): Lane {
  const tails = new Map<ConversationId, Promise<unknown>>();
  return {
    run(conv, task) {
      const before = tails.get(conv);
      const next = before === undefined ? task() : before.then(task, task);
      tails.set(conv, next);
      const forget = (): void => {
        if (tails.get(conv) === next) tails.delete(conv);
      };
      next.then(forget, forget);
      return next;
    },
  };
}
