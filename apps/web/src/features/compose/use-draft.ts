import type { Conversation } from '@baton/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { after } from '../../design/session/after.ts';

const SAVE_AFTER_MS = 500;

export interface Draft {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Empties the field and the stored draft at once. */
  readonly clear: () => void;
}

/** The unsent text of a conversation. It is kept sealed on this device, so that leaving, a crash or a sign-out loses nothing. */
export function useDraft(conversation: Conversation): Draft {
  const [text, setShown] = useState(() => conversation.summary.read().draft ?? '');
  const pending = useRef<{ readonly text: string; readonly cancel: () => void } | null>(null);

  const save = useCallback(
    (value: string) => {
      // A draft that cannot be stored is still in the field.
      conversation.saveDraft(value).catch(() => undefined);
    },
    [conversation],
  );
  const flush = useCallback(() => {
    if (pending.current === null) return;
    pending.current.cancel();
    save(pending.current.text);
    pending.current = null;
  }, [save]);
  const setText = useCallback(
    (value: string) => {
      setShown(value);
      pending.current?.cancel();
      pending.current = { text: value, cancel: after(SAVE_AFTER_MS, flush) };
    },
    [flush],
  );
  const clear = useCallback(() => {
    setShown('');
    pending.current?.cancel();
    pending.current = null;
    save('');
  }, [save]);

  useEffect(() => {
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);
  return { text, setText, clear };
}
