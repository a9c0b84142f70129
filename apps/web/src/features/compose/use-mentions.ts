import type { Member } from '@baton/client';
import { type KeyboardEvent, type RefObject, useCallback, useId, useMemo, useState } from 'react';
import { completeMention, readMentionQuery, suggestMembers } from './mention-query.ts';

export interface Mentions {
  readonly open: boolean;
  readonly listId: string;
  readonly activeId: string;
  readonly active: number;
  readonly found: readonly Member[];
  readonly choose: (member: Member) => void;
  readonly onCaret: () => void;
  /** True when the key was for the list. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
}

/** Suggests members while "@na…" is typed. */
export function useMentions({
  fieldRef,
  text,
  members,
  onText,
}: {
  readonly fieldRef: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly members: readonly Member[];
  readonly onText: (text: string) => void;
}): Mentions {
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [dismissedAt, setDismissedAt] = useState<number | null>(null);
  const query = useMemo(() => readMentionQuery(text, caret), [text, caret]);
  const found = useMemo(
    () => (query === null || query.at === dismissedAt ? [] : suggestMembers(members, query.query)),
    [query, members, dismissedAt],
  );
  const chosen = Math.min(active, found.length - 1);

  const onCaret = useCallback(() => setCaret(fieldRef.current?.selectionStart ?? 0), [fieldRef]);
  const choose = useCallback(
    (member: Member) => {
      if (query === null) return;
      const done = completeMention(text, query, member.name);
      onText(done.text);
      setActive(0);
      setCaret(done.caret);
      requestAnimationFrame(() => {
        fieldRef.current?.focus();
        fieldRef.current?.setSelectionRange(done.caret, done.caret);
      });
    },
    [query, text, onText, fieldRef],
  );
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (found.length === 0 || event.ctrlKey || event.metaKey) return false;
    if (event.key === 'ArrowDown') setActive((chosen + 1) % found.length);
    else if (event.key === 'ArrowUp') setActive((chosen + found.length - 1) % found.length);
    else if (event.key === 'Escape') setDismissedAt(query?.at ?? null);
    else if (event.key === 'Enter' || event.key === 'Tab') {
      const member = found[chosen];
      if (member !== undefined) choose(member);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return {
    open: found.length > 0,
    listId,
    activeId: `${listId}-${chosen}`,
    active: chosen,
    found,
    choose,
    onCaret,
    onKeyDown,
  };
}
