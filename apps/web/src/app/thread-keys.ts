import type { Conversation, TimelineMessage } from '@baton/client';
import { useShortcut } from '../design/keys/shortcuts.tsx';

/** R and A: for the message that has the focus; otherwise R goes to the composer and A means the latest message of somebody else. */
export function useThreadKeys(conversation: Conversation, onReply: (message: TimelineMessage) => void): void {
  useShortcut('r', () => {
    const message = focusedMessage(conversation);
    // At once: what is typed next belongs into the field.
    document.querySelector<HTMLElement>('[data-composer]')?.focus();
    if (message !== null) onReply(message);
  });
  useShortcut('a', () => {
    const { items } = conversation.timeline.read();
    const message =
      focusedMessage(conversation) ?? items.findLast((item) => item.type === 'message' && !item.mine);
    if (message?.type !== 'message' || message.mine || message.withdrawn !== null) return;
    const given = message.reactions.some(({ reaction, mine }) => reaction === 'got-it' && mine);
    // It waits in the outbox like any message when it cannot go now.
    conversation.react(message.id, 'got-it', !given).catch(() => undefined);
  });
}

function focusedMessage(conversation: Conversation): TimelineMessage | null {
  const row = document.activeElement?.closest<HTMLElement>('[data-message]');
  const item = conversation.timeline.read().items.find(({ id }) => id === row?.dataset['message']);
  return item?.type === 'message' ? item : null;
}
