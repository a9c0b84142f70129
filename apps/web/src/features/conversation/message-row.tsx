import type { Conversation, TimelineMessage } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCornerUpLeft } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { Face } from '../../design/primitives/face.tsx';
import { UserText } from '../../design/primitives/user-text.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { JOB_NAMES } from '../../design/words/job-words.ts';
import { clockTime } from '../../design/words/time-words.ts';
import { AttachmentList } from './attachments.tsx';
import { CareMarks } from './care-marks.tsx';
import { EditTrail, Withdrawn } from './edit-trail.tsx';
import { MessageAsks } from './message-asks.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageEditor } from './message-editor.tsx';
import style from './message-row.module.css';
import { MessageState } from './message-state.tsx';
import { PromptNoteLine } from './prompt-note.tsx';
import type { PromptNote } from './prompt-notes.ts';
import { Reactions } from './reactions.tsx';
import { RoleRequest } from './role-request.tsx';
import { TemplateText } from './template-text.tsx';

export interface MessageRowProps extends PromptNote {
  readonly message: TimelineMessage;
  readonly head: boolean;
  readonly tail: boolean;
  readonly conversation: Conversation;
  readonly onReply: (message: TimelineMessage) => void;
  readonly onJump: (id: string) => void;
}

/** One message: a row, not a bubble; mine is marked by a tint. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, head, tail, conversation, chosen, reply, onReply, onJump } = props;
  const { t } = useLingui();
  const frame = useTimeFrame();
  const me = useLive(useSession().me).account;
  const [near, setNear] = useState(false);
  const [editing, setEditing] = useState(false);
  const time = clockTime(message.at, frame);
  const author = message.author.name;

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only shows the actions, which are buttons of their own
    <article
      className={style['row']}
      data-message={message.id}
      data-mine={message.mine || undefined}
      data-head={head || undefined}
      data-agent={message.author.kind === 'agent' || undefined}
      tabIndex={-1}
      aria-label={t`${author}, ${time}`}
      onPointerEnter={() => setNear(true)}
      onFocus={() => setNear(true)}
    >
      <div className={style['gutter']}>
        {head ? (
          <Face member={message.as ?? message.author} />
        ) : (
          <ExactTime at={message.at} className={style['side-time']}>
            {time}
          </ExactTime>
        )}
      </div>
      <div className={style['body']}>
        {head && <Author message={message} time={time} />}
        {message.quote !== null && (
          <button
            type="button"
            className={style['quote']}
            onClick={() => message.quote !== null && onJump(message.quote.id)}
          >
            <IconCornerUpLeft size={14} stroke={1.8} aria-hidden="true" />
            <span className="sr-only">
              <Trans>In reply to</Trans>
            </span>
            <b>{message.quote.author}</b>
            <span className={style['quote-text']}>{message.quote.text}</span>
          </button>
        )}
        {message.withdrawn !== null ? (
          <Withdrawn message={message} />
        ) : editing ? (
          <MessageEditor message={message} conversation={conversation} onDone={() => setEditing(false)} />
        ) : (
          <>
            {message.template !== null ? (
              <TemplateText template={message.template} mentions={message.mentions} me={me} />
            ) : (
              message.text !== '' && (
                <p className={style['text']}>
                  <UserText text={message.text} mentions={message.mentions} me={me} />
                  {message.editedAt !== null && <EditTrail message={message} />}
                </p>
              )
            )}
            <AttachmentList attachments={message.attachments} conversation={conversation} />
          </>
        )}
        {message.withdrawn === null && (
          <>
            <RoleRequest message={message} onReply={onReply} />
            <MessageAsks message={message} onReply={onReply} />
          </>
        )}
        <PromptNoteLine message={message} chosen={chosen} reply={reply} />
        <CareMarks message={message} />
        <Reactions message={message} conversation={conversation} />
        {message.mine && <MessageState message={message} conversation={conversation} inWords={tail} />}
      </div>
      {message.withdrawn === null && !editing && message.seq !== null && (
        <MessageActions
          message={message}
          conversation={conversation}
          near={near}
          onReply={onReply}
          onEdit={() => setEditing(true)}
        />
      )}
    </article>
  );
});

function Author({ message, time }: { readonly message: TimelineMessage; readonly time: string }) {
  const { i18n } = useLingui();
  const job = message.author.jobs[0];
  const role = message.as?.name ?? (job === undefined ? null : i18n._(JOB_NAMES[job]));
  return (
    <p className={style['author']}>
      <b>{message.author.name}</b>
      {role !== null && <span className={style['role']}>{role}</span>}
      {message.author.kind === 'agent' && <Responsible agent={message.author.id} />}
      <ExactTime at={message.at} className={style['time']}>
        {time}
      </ExactTime>
    </p>
  );
}

/** An assistant speaks as itself, and somebody answers for it. */
function Responsible({ agent }: { readonly agent: string }) {
  const { t } = useLingui();
  const rows = useLive(useSession().agents.rows);
  const name = rows.find((row) => row.agent.id === agent)?.responsible?.name;
  return name === undefined ? null : <span className={style['role']}>{t`${name} is responsible`}</span>;
}
