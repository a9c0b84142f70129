import type { Baton, ConversationSummary } from '@baton/client';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { IconLock, IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { BatonClock } from '../../design/batons/baton-clock.tsx';
import { ContractIcon } from '../../design/batons/contract-mark.tsx';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { Face, FacePair } from '../../design/primitives/face.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { shortName } from '../../design/words/names.ts';
import { listTime } from '../../design/words/time-words.ts';
import style from './inbox.module.css';

export function ThreadRow({
  thread,
  selected,
  owed,
}: {
  readonly thread: ConversationSummary;
  readonly selected: boolean;
  /** The most pressing thing that I owe in it. */
  readonly owed: Baton | null;
}) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: thread.id }}
      className={style['row']}
      aria-current={selected ? 'page' : undefined}
      data-unread={thread.unread > 0 || undefined}
    >
      <ThreadFace thread={thread} />
      <span className={style['main']}>
        <span className={style['top']}>
          <span className={style['title']}>{thread.title === '' ? t`Untitled group` : thread.title}</span>
          <ExactTime at={thread.lastAt} className={style['time']}>
            {listTime(thread.lastAt, now, frame)}
          </ExactTime>
        </span>
        <span className={style['bottom']}>
          <span className={style['preview']}>
            <Preview thread={thread} />
          </span>
          {owed !== null && (
            <span className={style['owed']}>
              <ContractIcon contract={owed.contract} size={14} />
              <BatonClock baton={owed} brief />
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

function ThreadFace({ thread }: { readonly thread: ConversationSummary }) {
  const me = useLive(useSession().me).account;
  const others = thread.members.filter((member) => member.id !== me);
  const first = others.find((member) => member.kind === 'role') ?? others[0] ?? thread.members[0];
  if (first === undefined || (thread.kind === 'group' && others.length > 1 && first.kind !== 'role')) {
    return <FacePair members={others} />;
  }
  return <Face member={first} />;
}

function Preview({ thread }: { readonly thread: ConversationSummary }) {
  if (thread.draft !== null && thread.draft !== '') {
    return (
      <>
        <span className={style['draft']}>
          <IconPencil size={13} stroke={2} aria-hidden="true" /> <Trans>Draft:</Trans>
        </span>{' '}
        {thread.draft}
      </>
    );
  }
  if (thread.blocked !== null) {
    return (
      <span className={style['blocked']}>
        <IconLock size={13} stroke={2} aria-hidden="true" /> {thread.blocked.sentence}
      </span>
    );
  }
  if (thread.preview === null) return <Trans>No messages yet</Trans>;
  if (thread.preview.mine) {
    return (
      <>
        <Trans>You:</Trans> {thread.preview.text}
      </>
    );
  }
  if (thread.kind === 'direct') return thread.preview.text;
  return `${shortName(thread.preview.author)}: ${thread.preview.text}`;
}
