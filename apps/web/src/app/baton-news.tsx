import type { Baton } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { CONTRACT_NAMES } from '../design/batons/baton-words.ts';
import { useAppearance } from '../design/session/appearance.ts';
import { useDevicePush } from '../design/session/device-push-context.ts';
import { useAnnouncer } from '../design/session/live-region.tsx';
import { useSession } from '../design/session/session-context.tsx';
import { playStatSound } from './stat-sound.ts';

/** What newly reaches me: said to screen readers, sounded when it is a stat, and shown by the system while nobody looks here. */
export function BatonNews() {
  useReached();
  usePushUpkeep();
  const navigate = useNavigate();
  const push = useDevicePush();
  useEffect(() => push.onOpen(() => void navigate({ to: '/' })), [push, navigate]);
  return null;
}

function useReached(): void {
  const { t, i18n } = useLingui();
  const session = useSession();
  const push = useDevicePush();
  const announcer = useAnnouncer();
  const tell = useRef<(baton: Baton) => void>(() => undefined);
  useEffect(() => {
    tell.current = (baton) => {
      const word = i18n._(CONTRACT_NAMES[baton.contract]);
      const isStat = baton.contract === 'stat';
      const who = baton.opener.kind === 'integration' ? t`an outside system` : baton.opener.name;
      if (isStat) announcer.warn(t`${word} from ${who}. Press G, then B, to go to my batons.`);
      else announcer.say(t`${word}: ${who} asks you for something.`);
      if (isStat && session.preferences.read()['stat-sound'] !== 'off') playStatSound();
      if (!document.hidden && document.hasFocus()) return;
      // The system keeps what it shows: nobody's name and nothing of the message goes there.
      const body = isStat
        ? t`Open Baton. This is not a primary alarm.`
        : t`Something waits for your answer. Open Baton.`;
      push.show({ title: word, body, urgent: isStat }).catch(() => undefined);
    };
  });
  useEffect(() => session.batons.onReached((baton) => tell.current(baton)), [session]);
}

/** A subscription can change behind our back: where it is on, the server hears of it again at every start. */
function usePushUpkeep(): void {
  const { notices } = useSession();
  const push = useDevicePush();
  const { language } = useAppearance();
  useEffect(() => {
    const renew = async (): Promise<void> => {
      if ((await push.state()) !== 'on') return;
      const subscription = await push.subscribe({ key: await notices.pushKey(), language });
      if (subscription !== null) await notices.subscribePush(subscription);
    };
    // Offline, or no push service: the next start tries again.
    renew().catch(() => undefined);
  }, [notices, push, language]);
}
