import type { Conversation, TimelineMessage } from '@baton/client';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';

/** Who comes here to answer a baton (`#reply=<message>`, `#write`) stands in the text field at once, with the message quoted. */
export function useArrivalToAnswer(
  conversation: Conversation,
  onReply: (message: TimelineMessage) => void,
): void {
  const hash = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  useEffect(() => {
    if (hash !== 'write' && !hash.startsWith('reply=')) return;
    const id = hash.slice('reply='.length);
    const message = conversation.timeline.read().items.find((item) => item.id === id);
    if (message?.type === 'message') onReply(message);
    document.querySelector<HTMLElement>('[data-composer]')?.focus();
    void navigate({ to: '.', hash: '', replace: true });
  }, [hash, conversation, navigate, onReply]);
}
