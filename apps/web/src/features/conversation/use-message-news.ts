import type { Timeline } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { useAnnouncer } from '../../design/session/live-region.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { countOthers } from './timeline-rows.ts';

/** Says new messages and the fate of mine to screen readers (standards §6.2): once on entry how many are unread, then each as it comes. */
export function useMessageNews(timeline: Timeline): void {
  const { t } = useLingui();
  const announcer = useAnnouncer();
  const muted = useLive(useSession().preferences)['announce'] === 'off';
  const heard = useRef<{ seq: number; readonly states: Map<string, string> } | null>(null);

  useEffect(() => {
    const { items } = timeline;
    const newest = items.reduce((most, item) => Math.max(most, item.seq ?? 0), 0);
    if (heard.current === null) {
      if (items.length === 0) return;
      heard.current = { seq: newest, states: new Map() };
      const from = items.findIndex((item) => item.id === timeline.firstUnread);
      const unread = from === -1 ? 0 : countOthers(items.slice(from));
      if (unread > 0)
        announcer.say(t`${plural(unread, { one: '# unread message', other: '# unread messages' })}`);
    }
    const { seq: since, states } = heard.current;
    for (const item of items) {
      if (item.type !== 'message') continue;
      if (item.mine) {
        const last = states.get(item.id);
        states.set(item.id, item.state);
        if (last === undefined && item.state !== 'waiting') continue;
        if (last === item.state) continue;
        if (item.state === 'failed') announcer.warn(t`Not sent. ${item.failure?.sentence ?? ''}`);
        else if (item.state === 'sent') announcer.say(t`Sent`);
      } else if ((item.seq ?? 0) > since && !muted) {
        announcer.say(t`${item.author.name}: ${item.text}`);
      }
    }
    heard.current.seq = Math.max(since, newest);
  }, [timeline, announcer, muted, t]);
}
