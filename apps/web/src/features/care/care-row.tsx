import type { CareThread } from '@baton/client';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { IconBellOff, IconDeviceMobileMessage, IconLock, IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Octagon } from '../../design/batons/contract-mark.tsx';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { OwnerFace } from '../../design/batons/owner-words.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { shortName } from '../../design/words/names.ts';
import { spanWords } from '../../design/words/span-words.ts';
import { useTopicName } from '../../design/session/use-topic-name.ts';
import { listTime } from '../../design/words/time-words.ts';
import style from './care-list.module.css';

/** One patient conversation: who, what was said last, how long they wait, and whose it is. */
export function CareRow({
  thread,
  selected,
  promisedMs,
}: {
  readonly thread: CareThread;
  readonly selected: boolean;
  /** Stated reply time: whoever waits longer is shown in amber. */
  readonly promisedMs: number;
}) {
  const { t } = useLingui();
  const topicName = useTopicName(thread.topic);
  const responsible = thread.assignee ?? thread.owner;
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: thread.conversation }}
      className={style['row']}
      aria-current={selected ? 'page' : undefined}
      data-unread={thread.unread > 0 || undefined}
      data-urgent={thread.urgent || undefined}
    >
      <span className={style['main']}>
        <span className={style['top']}>
          {thread.urgent && (
            <span className={style['stat']}>
              <Octagon size={14} />
              <span className="sr-only">
                <Trans>Emergency words</Trans>
              </span>
            </span>
          )}
          <span className={style['title']}>{thread.name}</span>
          {thread.confidential && (
            <span className={style['tag']}>
              <IconLock size={12} stroke={2} aria-hidden="true" /> <Trans>private</Trans>
            </span>
          )}
          {thread.channel === 'plain' && (
            <span className={style['tag']} title={t`Messages go as plain text messages`}>
              <IconDeviceMobileMessage size={13} stroke={1.8} aria-hidden="true" /> <Trans>text</Trans>
            </span>
          )}
          {(thread.doNotContact || thread.deceased) && (
            <span className={style['tag']}>
              <IconBellOff size={12} stroke={2} aria-hidden="true" />{' '}
              {thread.deceased ? <Trans>deceased</Trans> : <Trans>do not contact</Trans>}
            </span>
          )}
          <When thread={thread} promisedMs={promisedMs} />
        </span>
        <span className={style['preview']}>
          <Preview thread={thread} />
        </span>
        <span className={style['bottom']}>
          {thread.topic !== null && <span className={style['topic']}>{topicName}</span>}
          {thread.answering === null ? (
            responsible !== null && (
              <span className={style['owner']}>
                <OwnerFace owner={responsible} />
                <span>{responsible.name}</span>
              </span>
            )
          ) : (
            <span className={style['answering']}>
              <IconPencil size={13} stroke={2} aria-hidden="true" />
              <span>{t`${shortName(thread.answering.name)} is answering`}</span>
            </span>
          )}
          {thread.unread > 0 && (
            <span className={style['dot']}>
              <span className="sr-only">
                <Plural value={thread.unread} one="# unread" other="# unread" />
              </span>
            </span>
          )}
        </span>
      </span>
    </Link>
  );
}

/** How long the patient waits, where one does; else when something was last written. */
function When({ thread, promisedMs }: { readonly thread: CareThread; readonly promisedMs: number }) {
  const { t, i18n } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const { waitingSince, lastAt } = thread;
  if (waitingSince === null)
    return (
      <ExactTime at={lastAt} className={style['time']}>
        {listTime(lastAt, now, frame)}
      </ExactTime>
    );
  const waits = spanWords(now - waitingSince, i18n.locale);
  return (
    <span className={style['waits']} data-long={now - waitingSince > promisedMs || undefined}>
      <ExactTime at={waitingSince}>{t`waits ${waits}`}</ExactTime>
    </span>
  );
}

function Preview({ thread }: { readonly thread: CareThread }) {
  if (thread.preview === null) return <Trans>No messages yet</Trans>;
  if (thread.preview.mine)
    return (
      <>
        <Trans>You:</Trans> {thread.preview.text}
      </>
    );
  return thread.preview.author === thread.name
    ? thread.preview.text
    : `${shortName(thread.preview.author)}: ${thread.preview.text}`;
}
