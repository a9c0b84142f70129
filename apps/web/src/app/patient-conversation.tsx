import type { CareThread, Conversation, TimelineMessage } from '@baton/client';
import { Drawer } from '@mantine/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconLock, IconNotes, IconUserHeart, IconX } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useId, useState } from 'react';
import { RowSkeleton } from '../design/primitives/after-delay.tsx';
import { IconAction } from '../design/primitives/icon-action.tsx';
import { useLayout } from '../design/primitives/layout.ts';
import { FailureNotice, Notice } from '../design/primitives/notice.tsx';
import { PaneHeader } from '../design/primitives/pane.tsx';
import { usePageTitle } from '../design/primitives/page-title.ts';
import { useSession } from '../design/session/session-context.tsx';
import { failureSentence } from '../design/words/error-sentences.ts';
import { CareHeader } from '../features/care/care-header.tsx';
import { ChannelNote } from '../features/care/channel-note.tsx';
import { PatientPanel } from '../features/care/patient-panel.tsx';
import { type PreparedResult, PatientTools } from '../features/care/patient-tools.tsx';
import { Composer } from '../features/compose/composer.tsx';
import { NamedFile } from '../features/conversation/attachments.tsx';
import { Transcript } from '../features/conversation/transcript.tsx';
import { PatientAlerts } from '../features/programmes/alerts/patient-alerts.tsx';
import { MembersPanel } from '../features/members/members-panel.tsx';
import style from './inbox-screen.module.css';
import own from './patient-conversation.module.css';
import { useThreadKeys } from './thread-keys.ts';
import { useArrivalToAnswer } from './arrival-to-answer.ts';

type Beside = 'notes' | 'patient' | 'readers';

/** A patient's conversation with what only staff see beside it. What goes to the patient and what does not never share a field. */
export function PatientConversation({
  conversation,
  thread,
}: {
  readonly conversation: Conversation;
  readonly thread: CareThread;
}) {
  const { t, i18n } = useLingui();
  const titleId = useId();
  const layout = useLayout();
  const { care } = useSession();
  const [replyTo, setReplyTo] = useState<TimelineMessage | null>(null);
  const [beside, setBeside] = useState<Beside | null>(layout === 'wide' ? 'patient' : null);
  const [result, setResult] = useState<PreparedResult | null>(null);
  // A browser's title can be seen on a screen that is shared: it never names a patient.
  usePageTitle(t`Patient conversation`);
  useArrivalToAnswer(conversation, setReplyTo);
  useThreadKeys(conversation, setReplyTo);
  const onTyping = useCallback(() => care.answering(thread.conversation), [care, thread.conversation]);
  const toggle = (column: Beside): void => setBeside(beside === column ? null : column);
  return (
    <>
      <section className={style['conversation']} aria-labelledby={titleId}>
        <CareHeader
          thread={thread}
          titleId={titleId}
          withBack={layout !== 'wide'}
          tools={
            <>
              <Toggle label={t`Team notes`} on={beside === 'notes'} onClick={() => toggle('notes')}>
                <IconNotes size={20} stroke={1.7} />
              </Toggle>
              <Toggle
                label={t`About the patient`}
                on={beside === 'patient'}
                onClick={() => toggle('patient')}
              >
                <IconUserHeart size={20} stroke={1.7} />
              </Toggle>
              <Toggle
                label={t`Who can read this`}
                on={beside === 'readers'}
                onClick={() => toggle('readers')}
              >
                <IconLock size={20} stroke={1.7} />
              </Toggle>
            </>
          }
        />
        <Transcript conversation={conversation} titleId={titleId} onReply={setReplyTo} />
        <Composer
          conversation={conversation}
          replyTo={replyTo}
          onReplyTo={setReplyTo}
          note={<ChannelNote thread={thread} conversation={conversation} />}
          renderTools={(field) => (
            <PatientTools thread={thread} field={field} result={result} onResult={setResult} />
          )}
          onTyping={onTyping}
          marks={result === null ? null : { result: { title: result.title, openBy: result.openBy } }}
          onSent={() => setResult(null)}
        />
      </section>
      {beside !== null && (
        <BesideColumn label={i18n._(BESIDE_NAMES[beside])} onClose={() => setBeside(null)}>
          {beside !== 'readers' && <PatientAlerts patient={thread.ref} />}
          {beside === 'notes' && <TeamNotes thread={thread} onClose={() => setBeside(null)} />}
          {beside === 'patient' && (
            <PatientPanel
              thread={thread}
              renderFile={(attachment) => <NamedFile attachment={attachment} conversation={conversation} />}
              onClose={() => setBeside(null)}
            />
          )}
          {beside === 'readers' && (
            <MembersPanel conversation={conversation} onClose={() => setBeside(null)} />
          )}
        </BesideColumn>
      )}
    </>
  );
}

const BESIDE_NAMES: Readonly<Record<Beside, MessageDescriptor>> = {
  notes: msg`Team notes`,
  patient: msg`About the patient`,
  readers: msg`Who can read this`,
};

function Toggle({
  label,
  on,
  onClick,
  children,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <IconAction label={label} aria-pressed={on} tone={on ? 'brand' : 'quiet'} onClick={onClick}>
      {children}
    </IconAction>
  );
}

function BesideColumn({
  label,
  onClose,
  children,
}: {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const layout = useLayout();
  if (layout === 'wide')
    return (
      <aside className={own['beside']} aria-label={label}>
        <div className={own['column']}>{children}</div>
      </aside>
    );
  return (
    <Drawer
      opened
      position="right"
      size={layout === 'phone' ? '100%' : '24rem'}
      padding={0}
      withCloseButton={false}
      onClose={onClose}
      aria-label={label}
      classNames={{ body: style['sheet'] ?? '' }}
    >
      <div className={own['column']}>{children}</div>
    </Drawer>
  );
}

/** The sidebar: a conversation of its own, under keys that no patient was ever given. */
function TeamNotes({ thread, onClose }: { readonly thread: CareThread; readonly onClose: () => void }) {
  const { t, i18n } = useLingui();
  const titleId = useId();
  const session = useSession();
  const [notes, setNotes] = useState<Conversation | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [replyTo, setReplyTo] = useState<TimelineMessage | null>(null);
  const { sidebar } = thread;
  useEffect(() => {
    if (sidebar === null) return;
    let gone = false;
    session.conversations.open(sidebar).then(
      (opened) => !gone && setNotes(opened),
      (error: unknown) => !gone && setFailure(failureSentence(error, i18n)),
    );
    return () => {
      gone = true;
    };
  }, [session, sidebar, i18n]);
  return (
    <section className={own['notes']} aria-labelledby={titleId}>
      <PaneHeader
        titleId={titleId}
        title={<Trans>Team notes</Trans>}
        below={
          <p className={own['only']}>
            <IconLock size={13} stroke={2} aria-hidden="true" />{' '}
            <Trans>Only staff. The patient never has the keys to this.</Trans>
          </p>
        }
        after={
          <IconAction label={t`Close`} onClick={onClose}>
            <IconX size={18} stroke={1.8} />
          </IconAction>
        }
      />
      <FailureNotice sentence={failure} />
      {sidebar === null && (
        <Notice tone="info">
          <Trans>There are no team notes for this conversation.</Trans>
        </Notice>
      )}
      {sidebar !== null && notes === null && failure === null && (
        <RowSkeleton label={t`Opening the team notes`} />
      )}
      {notes !== null && (
        <>
          <Transcript conversation={notes} titleId={titleId} onReply={setReplyTo} />
          <Composer key={notes.id} conversation={notes} replyTo={replyTo} onReplyTo={setReplyTo} />
        </>
      )}
    </section>
  );
}
