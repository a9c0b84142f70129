import type { Conversation } from '@baton/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { after } from '../system/clock.ts';

export interface Draft {
  readonly text: string;
  write(text: string): void;
  clear(): void;
}

const PAUSE_MS = 700;

/** What was begun is kept, sealed, on this phone: at each pause and when the page is left. */
export function useDraft(conversation: Conversation): Draft {
  const [text, setText] = useState(() => conversation.summary.read().draft ?? '');
  const unsaved = useRef<string | null>(null);
  const cancel = useRef<() => void>(() => undefined);
  const save = useRef(() => undefined as void);
  save.current = () => {
    cancel.current();
    if (unsaved.current === null) return;
    const draft = unsaved.current;
    unsaved.current = null;
    void conversation.saveDraft(draft).catch(() => undefined);
  };
  useEffect(() => {
    const leave = (): void => save.current();
    document.addEventListener('visibilitychange', leave);
    return () => {
      document.removeEventListener('visibilitychange', leave);
      leave();
    };
  }, []);
  const put = (next: string): void => {
    setText(next);
    unsaved.current = next;
  };
  return {
    text,
    write(next) {
      put(next);
      cancel.current();
      cancel.current = after(PAUSE_MS, () => save.current());
    },
    clear() {
      put('');
      save.current();
    },
  };
}
