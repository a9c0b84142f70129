import type { Baton } from '@baton/client';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowLeft, IconLock, IconMessage } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { type RefObject, useRef } from 'react';
import { BatonActions, pressAct } from '../../design/batons/baton-actions.tsx';
import { BatonClock } from '../../design/batons/baton-clock.tsx';
import { EndedLine, NotAnAlarm, OfferLine } from '../../design/batons/baton-card.tsx';
import { escalatesNow, isEnded, openerName } from '../../design/batons/baton-words.ts';
import { CallbackLink } from '../../design/batons/callback-link.tsx';
import { ContractMark } from '../../design/batons/contract-mark.tsx';
import { LadderLine } from '../../design/batons/ladder-line.tsx';
import { OwnerLine } from '../../design/batons/owner-words.tsx';
import { useShortcut } from '../../design/keys/shortcuts.tsx';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { Face } from '../../design/primitives/face.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { UserText } from '../../design/primitives/user-text.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { JOB_NAMES } from '../../design/words/job-words.ts';
import { dueTime } from '../../design/words/span-words.ts';
import style from './baton-detail.module.css';

export interface BatonDetailProps {
  readonly baton: Baton;
  readonly withBack: boolean;
}

/** One baton in full: what was asked, by whom, about whom, and what can be done. */
export function BatonDetail({ baton, withBack }: BatonDetailProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const me = useLive(useSession().me).account;
  const article = useRef<HTMLElement>(null);
  const { answer, failure } = useAnswer(baton);
  useDetailKeys(article);
  const ended = isEnded(baton);
  return (
    <article
      ref={article}
      className={style['detail']}
      data-contract={baton.contract}
      data-escalates={escalatesNow(baton) || undefined}
      aria-labelledby="baton-title"
    >
      <header className={style['head']}>
        {withBack && (
          <IconAction label={t`Back to my batons`} onClick={() => void navigate({ to: '/' })}>
            <IconArrowLeft size={20} stroke={1.8} />
          </IconAction>
        )}
        <h1 id="baton-title" className={style['title']}>
          <ContractMark contract={baton.contract} done={ended} />
          {ended ? <EndedLine baton={baton} /> : <BatonClock baton={baton} />}
        </h1>
        {!ended && <OwnerLine owner={baton.owner} onDuty={baton.holders} me={me} />}
      </header>
      <div className={style['body']}>
        <Asker baton={baton} />
        <Asked baton={baton} />
        {baton.offer !== null && !ended && <OfferLine baton={baton} />}
        {!ended && baton.callback !== null && (
          <div>
            <CallbackLink number={baton.callback} strong={baton.contract !== 'reply'} />
          </div>
        )}
        {!ended && <BatonActions baton={baton} onAnswer={answer} />}
        <FailureNotice sentence={failure} />
        {!ended && <LadderLine baton={baton} />}
        {baton.contract === 'stat' && !ended && <NotAnAlarm />}
        {baton.conversation !== null && (
          <div>
            <Button
              component={Link}
              to={`/inbox/${baton.conversation}`}
              variant="subtle"
              size="compact-sm"
              leftSection={<IconMessage size={16} stroke={1.8} aria-hidden="true" />}
            >
              <Trans>Open the conversation</Trans>
            </Button>
          </div>
        )}
      </div>
    </article>
  );
}

/** Opens the conversation in which the answer belongs, with the message quoted. */
function useAnswer(baton: Baton): { readonly answer: () => void; readonly failure: string | null } {
  const { batons } = useSession();
  const navigate = useNavigate();
  const action = useAction();
  const answer = (): void => {
    void action.run(async () => {
      const { conversation, replyTo } = await batons.openAnswerThread(baton.id);
      await navigate({
        to: '/inbox/$conversation',
        params: { conversation },
        hash: replyTo === null ? 'write' : `reply=${replyTo}`,
      });
    });
  };
  return { answer, failure: action.failure };
}

/** A, R, H and E press what is offered. */
function useDetailKeys(article: RefObject<HTMLElement | null>): void {
  const press = (act: string): boolean => pressAct(article.current, act);
  useShortcut('a', () => void (press('accept') || press('acknowledge') || press('take')));
  useShortcut('r', () => void press('answer'));
  useShortcut('h', () => void press('hand-over'));
  useShortcut('e', () => void press('close'));
}

function Asker({ baton }: { readonly baton: Baton }) {
  const { t, i18n } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const addressed = baton.addressed.name;
  const name = openerName(baton) ?? t`An outside system`;
  const job = baton.opener.kind === 'integration' ? undefined : baton.opener.jobs[0];
  return (
    <p className={style['asker']}>
      {baton.opener.kind !== 'integration' && <Face member={baton.opener} />}
      <span>
        <b>{name}</b> {job !== undefined && <span className={style['quiet']}>{i18n._(JOB_NAMES[job])}</span>}
        <br />
        <span className={style['quiet']}>
          {t`to ${addressed}`} ·{' '}
          <ExactTime at={baton.openedAt}>{dueTime(baton.openedAt, now, frame)}</ExactTime>
        </span>
      </span>
    </p>
  );
}

function Asked({ baton }: { readonly baton: Baton }) {
  const me = useLive(useSession().me).account;
  const isOutside = baton.opener.kind === 'integration';
  const reference = baton.opener.kind === 'integration' ? baton.opener.reference : null;
  return (
    <div className={style['asked']}>
      {baton.patient !== null && (
        <p className={style['patient']}>
          <Trans>
            Patient: <b>{baton.patient}</b>
          </Trans>
        </p>
      )}
      {baton.quote !== null && (
        <blockquote className={style['quote']}>
          <b>{baton.quote.author}</b> {baton.quote.text}
        </blockquote>
      )}
      {baton.text !== null && (
        <p className={style['text']}>
          <UserText text={baton.text} mentions={[]} me={me} />
        </p>
      )}
      {isOutside && (
        <p className={style['text']}>
          {reference === null ? (
            <Trans>Opened by an outside system, without a reference.</Trans>
          ) : (
            <Trans>
              Opened by an outside system, under the reference <b>{reference}</b>. Look it up there.
            </Trans>
          )}
        </p>
      )}
      {isOutside && (
        <p className={style['quiet']}>
          <Trans>
            Nobody reads an answer there. Acknowledge it, and close it with a reason when it is done.
          </Trans>
        </p>
      )}
      {baton.text === null && !isOutside && (
        <p className={style['locked']}>
          <IconLock size={16} stroke={1.8} aria-hidden="true" />
          <Trans>
            You cannot read the message yet: a colleague's device has to unlock it for you. Call the number if
            it cannot wait.
          </Trans>
        </p>
      )}
      {baton.readVia === 'escalation' && (
        <p className={style['via']}>
          <IconLock size={14} stroke={1.8} aria-hidden="true" />
          <Trans>
            It reached you through its ladder: you see this message, not the conversation around it.
          </Trans>
        </p>
      )}
    </div>
  );
}
