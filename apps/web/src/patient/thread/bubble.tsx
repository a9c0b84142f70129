import type { Conversation, TimelineMessage } from '@baton/client';
import type { PracticeCard } from '@baton/wire';
import { useState } from 'preact/hooks';
import { IconButton } from '../look/button.tsx';
import { DotsIcon } from '../look/icons.tsx';
import { type AskedPrompt, answerWords } from '../prompts/prompt-book.ts';
import { PromptAnswer } from '../prompts/prompt-answer.tsx';
import { useTexts } from '../texts/use-texts.ts';
import { clockText, exactText } from '../texts/time-texts.ts';
import { AttachmentList } from './attachments.tsx';
import style from './bubble.module.css';
import { MessageActs } from './message-acts.tsx';
import { MessageEditor } from './message-editor.tsx';
import { MessageState } from './message-state.tsx';
import { type About, authorText, isOurs, nameText, personText } from './person-texts.ts';
import { UserText } from './user-text.tsx';

interface BubbleProps {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  readonly card: PracticeCard | null;
  readonly first: boolean;
  readonly offline: boolean;
  /** The programme's question that this is, or that it answers; null for everything else. */
  readonly asked: AskedPrompt | null;
  /** Answers to it still count. */
  readonly open: boolean;
}

/** One message with everything that is said about it in words. */
export function Bubble(props: BubbleProps) {
  const { message, conversation, card, first, offline, asked } = props;
  const texts = useTexts();
  const { t } = texts;
  const [open, setOpen] = useState(false);
  const isQuestion = asked !== null && asked.message.id === message.id;
  const [editing, setEditing] = useState(false);
  const ours = isOurs(message);
  const about = card?.about ?? null;
  const author = authorText(message, about, texts);
  const isHelper = message.author.kind === 'agent' && message.via === null;
  const canAct = message.seq !== null && message.withdrawn === null && message.via === null && !isHelper;
  return (
    <div className={style['row']} data-ours={ours || undefined} data-message={message.id}>
      <div className={first && !ours ? style['author'] : 'sr-only'}>
        <span>{author}</span>
        {isHelper && <span className={style['helper']}> · {t('message.helper')}</span>}
      </div>
      <div className={style['line']}>
        <div className={style['bubble']} data-urgent={isUrgent(message) || undefined}>
          <Marks message={message} card={card} asked={asked} />
          {editing ? (
            <MessageEditor message={message} conversation={conversation} onEnd={() => setEditing(false)} />
          ) : (
            <Body message={message} conversation={conversation} about={about} author={author} />
          )}
          <p className={style['time']}>
            <time dateTime={new Date(message.at).toISOString()} title={exactText(message.at, texts)}>
              {clockText(message.at, texts)}
            </time>
            <Reactions message={message} />
          </p>
        </div>
        {canAct && !editing && (
          <IconButton
            label={t('message.more')}
            icon={<DotsIcon />}
            onClick={() => setOpen(!open)}
            attributes={{ 'aria-expanded': open }}
          />
        )}
      </div>
      {open && (
        <MessageActs
          message={message}
          conversation={conversation}
          onEdit={() => {
            setOpen(false);
            setEditing(true);
          }}
          onDone={() => setOpen(false)}
        />
      )}
      {isQuestion && <PromptAnswer asked={asked} conversation={conversation} card={card} open={props.open} />}
      {message.mine && message.withdrawn === null && (
        <MessageState message={message} conversation={conversation} offline={offline} />
      )}
    </div>
  );
}

function isUrgent(message: TimelineMessage): boolean {
  return message.contract === 'stat' || message.flags.length > 0;
}

/** What a message is, above its words. */
function Marks({ message, card, asked }: Pick<BubbleProps, 'message' | 'card' | 'asked'>) {
  const { t, language } = useTexts();
  const topic = card?.topics.find(({ id }) => id === message.topic)?.[language];
  // "C" by text says little to who reads it later.
  const isChoice = asked !== null && (message.answers?.choice ?? null) !== null;
  const chosen = isChoice ? answerWords(asked, message) : null;
  const marks = [
    message.prompt !== null ? t(`prompt.kind.${message.prompt.kind}`) : null,
    message.automatic && message.prompt === null ? t('message.automatic') : null,
    message.via === null ? null : t('message.byTextFrom', { digits: message.via.from.slice(-4) }),
    message.mine && isUrgent(message) ? t('message.urgent') : null,
    topic === undefined ? null : t('message.topic', { topic }),
    chosen === null || chosen === message.text ? null : t('prompt.answered', { answer: chosen }),
  ].filter((mark) => mark !== null);
  return marks.length === 0 ? null : <p className={style['marks']}>{marks.join(' · ')}</p>;
}

function Body({
  message,
  conversation,
  about,
  author,
}: {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  readonly about: About;
  readonly author: string;
}) {
  const texts = useTexts();
  const { t } = texts;
  if (message.withdrawn !== null) {
    const { reason } = message.withdrawn;
    return (
      <div className={style['gone']}>
        <p>
          {message.mine
            ? t('message.withdrawnMine')
            : t('message.withdrawn', { name: personText(message.author, about, texts) })}
        </p>
        {reason !== null && <p>{t('message.withdrawnWhy', { reason })}</p>}
      </div>
    );
  }
  const quoted = message.quote === null ? null : nameText(message.quote.author);
  return (
    <>
      {message.quote !== null && (
        <blockquote className={style['quote']}>
          {quoted !== null && <span>{t('message.replyTo', { name: quoted })}</span>}
          <p>{message.quote.text}</p>
        </blockquote>
      )}
      {message.result !== null && (
        <div className={style['result']}>
          <span>{t('message.result')}</span>
          <h3>{message.result.title}</h3>
        </div>
      )}
      {message.text !== '' && <UserText text={message.text} links={!isOurs(message)} />}
      <AttachmentList attachments={message.attachments} conversation={conversation} author={author} />
      {message.edits.length > 0 && (
        <details className={style['edits']}>
          <summary>{t('message.changed')}</summary>
          <p>{t('message.before')}:</p>
          <ul>
            {message.edits.map((edit) => (
              <li key={edit.at}>
                <time dateTime={new Date(edit.at).toISOString()}>{clockText(edit.at, texts)}</time>{' '}
                {edit.text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Reactions({ message }: { readonly message: TimelineMessage }) {
  const { t, list } = useTexts();
  const shown = message.reactions.filter(({ people }) => people.length > 0);
  return (
    <>
      {shown.map(({ reaction, people, mine }) => (
        <span key={reaction} className={style['reaction']}>
          {t(`message.reaction.${reaction}`)}:{' '}
          {list(mine ? [t('thread.me')] : people.map((name) => nameText(name) ?? t('thread.someone')))}
        </span>
      ))}
    </>
  );
}
