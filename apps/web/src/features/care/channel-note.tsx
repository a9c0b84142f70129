import type { CareThread, Conversation } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconDeviceMobileMessage, IconLink, IconPencil, IconVolumeOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './channel-note.module.css';
import { type ChannelWay, isTexted, wayOf } from './channel-way.ts';

/** Said above the field, always: that the patient will read it, and by which way it goes. */
export function ChannelNote({
  thread,
  conversation,
}: {
  readonly thread: CareThread;
  readonly conversation: Conversation;
}) {
  const { t } = useLingui();
  const { name } = thread;
  return (
    <div className={style['note']} data-channel={thread.channel}>
      <Way thread={thread} conversation={conversation} />
      {thread.answering !== null && (
        <span className={style['answering']} role="status">
          <IconPencil size={14} stroke={2} aria-hidden="true" />
          {t`${thread.answering.name} is answering ${name} now`}
        </span>
      )}
    </div>
  );
}

function Way({ thread, conversation }: { readonly thread: CareThread; readonly conversation: Conversation }) {
  const session = useSession();
  const chart = useLive(session.care.chart(thread.ref));
  const rows = useLive(session.agents.rows);
  const readers = useLive(conversation.readers);
  const way = wayOf({ thread, chart, isTexted: isTexted(readers, rows) });
  // Of this very conversation: somebody who joined another one of the patient's does not read here.
  const joined = useLive(conversation.summary).members.some(({ kind }) => kind === 'patient');
  const { name } = thread;
  if (way === 'link' || way === 'plain') return <TextedWay way={way} name={name} />;
  if (way === 'no-consent')
    return (
      <Silent>
        <Trans>
          Plain text without a recorded consent: nothing will be texted. Record the consent, or use the link.
        </Trans>
      </Silent>
    );
  return joined ? <SilentToPage way={way} name={name} /> : <SilentToNobody way={way} name={name} />;
}

type SilentWay = Exclude<ChannelWay, 'link' | 'plain' | 'no-consent'>;

function TextedWay({ way, name }: { readonly way: 'link' | 'plain'; readonly name: string }) {
  const { t } = useLingui();
  if (way === 'plain')
    return (
      <span className={style['way']} data-tone="amber">
        <IconDeviceMobileMessage size={16} stroke={1.8} aria-hidden="true" />
        {t`To ${name} as a plain text message, with what you write in it. Phone companies can read it.`}
      </span>
    );
  return (
    <span className={style['way']}>
      <IconLink size={16} stroke={1.8} aria-hidden="true" />
      {t`To ${name}, sealed. A text says that a message waits, and nothing of what it says.`}
    </span>
  );
}

/** No text goes; whoever opens the page reads it. */
function SilentToPage({ way, name }: { readonly way: SilentWay; readonly name: string }) {
  const { t } = useLingui();
  if (way === 'no-texts')
    return (
      <span className={style['way']}>
        <IconLink size={16} stroke={1.8} aria-hidden="true" />
        {t`To ${name}, sealed. They see it when they open their page; no text announces it.`}
      </span>
    );
  const words = {
    deceased: t`${name} has died. No text goes out; who has the page still reads what you write.`,
    'do-not-contact': t`${name} does not want to be contacted: no text goes out. They see it when they open their page.`,
    private: t`To ${name}, sealed. No text goes out from a private conversation: they see it when they open their page.`,
    'no-assistant': t`The texting assistant is not in this conversation: no text goes out. ${name} sees it when they open their page.`,
    'opted-out': t`${name} has opted out of texts. What you write is seen when they open their page. Call if it is urgent.`,
    'no-number': t`No mobile number is known: no text goes out. ${name} sees it when they open their page.`,
  }[way];
  return <Silent>{words}</Silent>;
}

/** No text goes, and nobody has the page. */
function SilentToNobody({ way, name }: { readonly way: SilentWay; readonly name: string }) {
  const { t } = useLingui();
  const words = {
    deceased: t`${name} has died. Nothing reaches anybody from here.`,
    'do-not-contact': t`${name} does not want to be contacted and has not joined. Nothing reaches them from here.`,
    private: t`${name} has not joined this private conversation, and no text goes out from it. Invite them, or call.`,
    'no-assistant': t`The texting assistant is not in this conversation, and ${name} has not joined. Nothing reaches them from here: call.`,
    'opted-out': t`${name} has opted out of texts and has not joined by link. Nothing reaches them from here: call.`,
    'no-texts': t`${name} has not joined and gets no texts. Invite them, or call.`,
    'no-number': t`No mobile number is known, and ${name} has not joined. Nothing reaches them from here: call.`,
  }[way];
  return <Silent>{words}</Silent>;
}

function Silent({ children }: { readonly children: ReactNode }) {
  return (
    <span className={style['way']} data-tone="amber">
      <IconVolumeOff size={16} stroke={1.8} aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}
