import type { Conversation, TimelineMessage } from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import { Button, Drawer } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconLock, IconMessages } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { RowSkeleton } from '../design/primitives/after-delay.tsx';
import { EmptyState } from '../design/primitives/empty-state.tsx';
import { useLayout } from '../design/primitives/layout.ts';
import { FailureNotice } from '../design/primitives/notice.tsx';
import { usePageTitle } from '../design/primitives/page-title.ts';
import { useSession } from '../design/session/session-context.tsx';
import { useLive } from '../design/session/use-live.ts';
import { failureSentence } from '../design/words/error-sentences.ts';
import { Composer } from '../features/compose/composer.tsx';
import { ConversationHeader } from '../features/conversation/conversation-header.tsx';
import { Transcript } from '../features/conversation/transcript.tsx';
import { PatientAlerts } from '../features/programmes/alerts/patient-alerts.tsx';
import { MembersPanel } from '../features/members/members-panel.tsx';
import { UnknownPanel } from '../features/care/unknown-panel.tsx';
import { CareList } from '../features/care/care-list.tsx';
import { ThreadList } from '../features/inbox/thread-list.tsx';
import { type InboxSide, InboxSideHeader } from './inbox-side.tsx';
import { PatientConversation } from './patient-conversation.tsx';
import style from './inbox-screen.module.css';
import { useThreadKeys } from './thread-keys.ts';
import { useArrivalToAnswer } from './arrival-to-answer.ts';

/** List, conversation and context side by side, or one of them where there is no room. */
export function InboxScreen() {
  const { t } = useLingui();
  const layout = useLayout();
  const { conversation = null } = useParams({ strict: false });
  usePageTitle(t`Inbox`);
  const wide = layout === 'wide';
  const session = useSession();
  const hasStaffThreads = useLive(session.conversations.list).length > 0;
  const [side, setSide] = useInboxSide(conversation);
  const { available } = useLive(session.care.state);
  const shownSide: InboxSide = available ? side : 'staff';
  const hasThreads = shownSide === 'patients' || hasStaffThreads;
  const header = available ? (
    <InboxSideHeader side={shownSide} withTitle={conversation === null} onChange={setSide} />
  ) : null;
  return (
    <div className={style['screen']}>
      {(wide || conversation === null) && (
        <div className={style['list']} data-alone={!wide || undefined}>
          {shownSide === 'patients' ? (
            <CareList selected={conversation} header={header} />
          ) : (
            <ThreadList selected={conversation} header={header} />
          )}
        </div>
      )}
      {conversation !== null && <OpenConversation key={conversation} id={conversation as ConversationId} />}
      {wide && conversation === null && hasThreads && (
        <div className={style['nothing']}>
          <EmptyState icon={<IconMessages size={28} stroke={1.5} />} title={t`No thread is open`}>
            <Trans>Choose one on the left, or go through them with J and K.</Trans>
          </EmptyState>
        </div>
      )}
    </div>
  );
}

/** The side that the open conversation is on, or the one chosen last on this device. */
function useInboxSide(conversation: string | null): readonly [InboxSide, (side: InboxSide) => void] {
  const session = useSession();
  const unknown = useLive(session.care.unknown).conversation;
  useLive(session.care.threads);
  const isPatients =
    conversation !== null &&
    (conversation === unknown || session.care.refOf(conversation as ConversationId) !== null);
  const preferred = useLive(session.preferences)[SIDE] === 'patients' ? 'patients' : 'staff';
  const [chosen, setChosen] = useState<{ readonly side: InboxSide; readonly at: string | null } | null>(null);
  const choose = (side: InboxSide): void => {
    setChosen({ side, at: conversation });
    session.setPreference(SIDE, side).catch(() => undefined);
  };
  if (chosen !== null && chosen.at === conversation) return [chosen.side, choose];
  if (conversation !== null) return [isPatients ? 'patients' : 'staff', choose];
  return [preferred, choose];
}

const SIDE = 'inbox-side';

function OpenConversation({ id }: { readonly id: ConversationId }) {
  const { t, i18n } = useLingui();
  const session = useSession();
  const [opened, setOpened] = useState<Conversation | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    session.conversations.open(id).then(
      (conversation) => !gone && setOpened(conversation),
      (error: unknown) => !gone && setFailure(failureSentence(error, i18n)),
    );
    return () => {
      gone = true;
    };
  }, [session, id, i18n]);
  const unknown = useLive(session.care.unknown).conversation;
  const threads = useLive(session.care.threads);
  const thread = threads.find(({ conversation }) => conversation === id);
  if (opened !== null && thread !== undefined)
    return <PatientConversation conversation={opened} thread={thread} />;
  if (opened !== null) return <ConversationColumns conversation={opened} isUnknown={id === unknown} />;
  return (
    <div className={style['nothing']}>
      {failure === null ? (
        <RowSkeleton label={t`Opening the conversation`} />
      ) : (
        <FailureNotice sentence={failure} />
      )}
    </div>
  );
}

function ConversationColumns({
  conversation,
  isUnknown,
}: {
  readonly conversation: Conversation;
  /** Texts of numbers that belong to nobody: beside them is who they are given to. */
  readonly isUnknown: boolean;
}) {
  const titleId = useId();
  const layout = useLayout();
  const summary = useLive(conversation.summary);
  // Team notes of a patient: what the check-ins ask of the team stands above them.
  const patient = useSession().care.refOf(conversation.id);
  const [replyTo, setReplyTo] = useState<TimelineMessage | null>(null);
  const [membersShown, setMembersShown] = useState(false);
  usePageTitle(summary.title);
  useArrivalToAnswer(conversation, setReplyTo);
  useThreadKeys(conversation, setReplyTo);
  return (
    <>
      <section className={style['conversation']} aria-labelledby={titleId}>
        <ConversationHeader
          conversation={conversation}
          titleId={titleId}
          withBack={layout !== 'wide'}
          membersShown={membersShown}
          onMembers={() => setMembersShown(!membersShown)}
        />
        {patient !== null && <PatientAlerts patient={patient} />}
        {isUnknown && layout !== 'wide' && <UnknownSheet conversation={conversation} />}
        <Transcript conversation={conversation} titleId={titleId} onReply={setReplyTo} />
        <Composer
          conversation={conversation}
          replyTo={replyTo}
          onReplyTo={setReplyTo}
          note={isUnknown && <StaffOnlyNote />}
        />
      </section>
      {isUnknown && !membersShown && layout === 'wide' && (
        <div className={style['context']}>
          <UnknownPanel conversation={conversation} />
        </div>
      )}
      {membersShown && <MembersColumn conversation={conversation} onClose={() => setMembersShown(false)} />}
    </>
  );
}

/** Where there is no room beside them: who the texts are given to is one press away. */
function UnknownSheet({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useLingui();
  const layout = useLayout();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="light" className={style['whose']} onClick={() => setOpen(true)}>
        <Trans>Whose are these?</Trans>
      </Button>
      <Drawer
        opened={open}
        position="right"
        size={layout === 'phone' ? '100%' : '22rem'}
        padding={0}
        withCloseButton={false}
        onClose={() => setOpen(false)}
        aria-label={t`Whose are these?`}
        classNames={{ body: style['sheet'] ?? '' }}
      >
        <UnknownPanel conversation={conversation} onClose={() => setOpen(false)} />
      </Drawer>
    </>
  );
}

/** Beside texts of strangers it looks as if one could answer them. */
function StaffOnlyNote() {
  return (
    <p className={style['staff-only']}>
      <IconLock size={15} stroke={2} aria-hidden="true" />
      <Trans>Only staff read what you write here. Nothing of it is texted to anybody.</Trans>
    </p>
  );
}

/** The context column where there is room for one, a sheet otherwise. */
function MembersColumn({
  conversation,
  onClose,
}: {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const layout = useLayout();
  const panel = <MembersPanel conversation={conversation} onClose={onClose} />;
  if (layout === 'wide') return <ContextColumn onClose={onClose}>{panel}</ContextColumn>;
  return (
    <Drawer
      opened
      position="right"
      size={layout === 'phone' ? '100%' : '22rem'}
      padding={0}
      withCloseButton={false}
      onClose={onClose}
      aria-label={t`Who can read this`}
      classNames={{ body: style['sheet'] ?? '' }}
    >
      {panel}
    </Drawer>
  );
}

/** Takes the focus when it opens; Escape closes it and gives the focus back to what opened it. */
function ContextColumn({
  onClose,
  children,
}: {
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const column = useRef<HTMLElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    column.current?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape is a short cut; the panel has a close button
    <aside
      ref={column}
      tabIndex={-1}
      className={style['context']}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      {children}
    </aside>
  );
}
