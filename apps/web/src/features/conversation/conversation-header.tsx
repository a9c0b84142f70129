import type { Conversation, ConversationSummary } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { IconArrowLeft, IconLock } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './conversation-header.module.css';

export interface ConversationHeaderProps {
  readonly conversation: Conversation;
  readonly titleId: string;
  /** On a phone the conversation is a page of its own, with a way back. */
  readonly withBack: boolean;
  readonly membersShown: boolean;
  readonly onMembers: () => void;
}

export function ConversationHeader(props: ConversationHeaderProps) {
  const { conversation, titleId, withBack, membersShown, onMembers } = props;
  const { t } = useLingui();
  const navigate = useNavigate();
  const summary = useLive(conversation.summary);
  const readers = useLive(conversation.readers).sentence;
  const people = plural(readers.people, { one: '# person', other: '# people' });
  const agents = plural(readers.agents, { one: '# assistant', other: '# assistants' });
  const sentence =
    readers.agents === 0 ? t`${people} can read this` : t`${people} and ${agents} can read this`;
  return (
    <PaneHeader
      level={1}
      titleId={titleId}
      title={titleOf(summary, t`Untitled group`)}
      before={
        withBack && (
          <IconAction label={t`Back to the inbox`} onClick={() => void navigate({ to: '/inbox' })}>
            <IconArrowLeft size={20} stroke={1.8} />
          </IconAction>
        )
      }
      below={
        <button
          type="button"
          className={style['readers']}
          aria-expanded={membersShown}
          title={t`Who can read this`}
          onClick={onMembers}
        >
          <IconLock size={13} stroke={2} aria-hidden="true" />
          {sentence}
        </button>
      }
    />
  );
}

function titleOf(summary: ConversationSummary, untitled: string): string {
  return summary.title === '' ? untitled : summary.title;
}
