import type { Batons, Conversation, TimelineMessage } from '@baton/client';
import { pressAct } from '../design/batons/baton-actions.tsx';
import { useShortcut } from '../design/keys/shortcuts.tsx';
import { useSession } from '../design/session/session-context.tsx';

/**
 * R, A, H and E: for the message that has the focus. Otherwise R goes to the composer, A acknowledges the newest baton that waits for me or
 * says "got it" to the latest message, H and E mean the newest baton on the screen that is mine.
 */
export function useThreadKeys(conversation: Conversation, onReply: (message: TimelineMessage) => void): void {
  const session = useSession();
  useShortcut('r', () => {
    const message = focusedMessage(conversation);
    // At once: what is typed next belongs into the field.
    document.querySelector<HTMLElement>('[data-composer]')?.focus();
    if (message !== null) onReply(message);
  });
  useShortcut('a', () => {
    if (acknowledge(session.batons, conversation)) return;
    const { items } = conversation.timeline.read();
    const message =
      focusedMessage(conversation) ?? items.findLast((item) => item.type === 'message' && !item.mine);
    if (message?.type !== 'message' || message.mine || message.withdrawn !== null) return;
    const given = message.reactions.some(({ reaction, mine }) => reaction === 'got-it' && mine);
    // It waits in the outbox like any message when it cannot go now.
    conversation.react(message.id, 'got-it', !given).catch(() => undefined);
  });
  useShortcut('h', () => void pressNewest('hand-over'));
  useShortcut('e', () => void pressNewest('close'));
}

/** Acknowledges, accepts or takes over; false where nothing here waits for that. */
function acknowledge(batons: Batons, conversation: Conversation): boolean {
  if (['accept', 'acknowledge', 'take'].some(pressNewest)) return true;
  // Further up than what is drawn: the newest one all the same.
  const waiting = conversation.timeline
    .read()
    .items.flatMap((item) => (item.type === 'message' ? item.batons : []))
    .findLast(({ can }) => can.acknowledge);
  if (waiting === undefined) return false;
  batons.acknowledge(waiting.id).catch(() => undefined);
  return true;
}

/** In the message that has the focus; otherwise the last one on the screen that offers it. */
function pressNewest(act: string): boolean {
  const focused = document.activeElement?.closest<HTMLElement>('[data-message]') ?? null;
  if (focused !== null) return pressAct(focused, act);
  const cards = [...document.querySelectorAll<HTMLElement>('[data-message] [data-baton]')];
  return cards.toReversed().some((card) => pressAct(card, act));
}

function focusedMessage(conversation: Conversation): TimelineMessage | null {
  const row = document.activeElement?.closest<HTMLElement>('[data-message]');
  const item = conversation.timeline.read().items.find(({ id }) => id === row?.dataset['message']);
  return item?.type === 'message' ? item : null;
}
