import type { CareThread, Chart } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconDeviceMobileMessage, IconLink, IconPencil, IconVolumeOff } from '@tabler/icons-react';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './channel-note.module.css';

/** Said above the field, always: that the patient will read it, and by which way it goes. */
export function ChannelNote({ thread }: { readonly thread: CareThread }) {
  const { t } = useLingui();
  const chart = useLive(useSession().care.chart(thread.ref));
  const { name } = thread;
  return (
    <div className={style['note']} data-channel={thread.channel}>
      <Way thread={thread} chart={chart} />
      {thread.answering !== null && (
        <span className={style['answering']} role="status">
          <IconPencil size={14} stroke={2} aria-hidden="true" />
          {t`${thread.answering.name} is answering ${name} now`}
        </span>
      )}
    </div>
  );
}

function Way({ thread, chart }: { readonly thread: CareThread; readonly chart: Chart }) {
  const { t } = useLingui();
  const { name } = thread;
  const joined = chart.people.some(({ state }) => state === 'joined');
  if (chart.optedOut?.out === true && thread.channel !== 'none')
    return (
      <span className={style['way']} data-tone="amber">
        <IconVolumeOff size={16} stroke={1.8} aria-hidden="true" />
        {joined
          ? t`${name} has opted out of texts. What you write is seen when they open their page. Call if it is urgent.`
          : t`${name} has opted out of texts and has not joined by link. Nothing reaches them from here: call.`}
      </span>
    );
  if (thread.channel === 'plain') {
    if (chart.consentFor('plain-text') === null)
      return (
        <span className={style['way']} data-tone="amber">
          <IconVolumeOff size={16} stroke={1.8} aria-hidden="true" />
          <Trans>
            Plain text without a recorded consent: nothing will be texted. Record the consent, or use the
            link.
          </Trans>
        </span>
      );
    return (
      <span className={style['way']} data-tone="amber">
        <IconDeviceMobileMessage size={16} stroke={1.8} aria-hidden="true" />
        {t`To ${name} as a plain text message, with what you write in it. Phone companies can read it.`}
      </span>
    );
  }
  if (thread.channel === 'none' && !joined)
    return (
      <span className={style['way']} data-tone="amber">
        <IconVolumeOff size={16} stroke={1.8} aria-hidden="true" />
        {t`${name} has not joined and gets no texts. Invite them, or call.`}
      </span>
    );
  return (
    <span className={style['way']}>
      <IconLink size={16} stroke={1.8} aria-hidden="true" />
      {thread.channel === 'none'
        ? t`To ${name}, sealed. They see it when they open their page; no text announces it.`
        : t`To ${name}, sealed. A text says that a message waits, and nothing of what it says.`}
    </span>
  );
}
