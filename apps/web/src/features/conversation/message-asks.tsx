import type { Baton, TimelineMessage } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCheck, IconCircleDashed, IconLock } from '@tabler/icons-react';
import { BatonCard } from '../../design/batons/baton-card.tsx';
import { BatonClock } from '../../design/batons/baton-clock.tsx';
import { isEnded } from '../../design/batons/baton-words.ts';
import { ContractMark } from '../../design/batons/contract-mark.tsx';
import { OwnerFace } from '../../design/batons/owner-words.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { shortName } from '../../design/words/names.ts';
import { spanWords } from '../../design/words/span-words.ts';
import { clockTime } from '../../design/words/time-words.ts';
import style from './message-asks.module.css';

/** What a message asks of whom, and how far that has come. */
export function MessageAsks({
  message,
  onReply,
}: {
  readonly message: TimelineMessage;
  readonly onReply: (message: TimelineMessage) => void;
}) {
  const { batons } = message;
  const readBack = message.template?.kind === 'critical-result';
  const [first, ...others] = batons;
  if (first === undefined) return <AskBefore message={message} />;
  const answer = (): void => onReply(message);
  return (
    <>
      {others.length === 0 ? (
        <BatonCard
          baton={first}
          onAnswer={answer}
          readBack={readBack}
          quiet={message.request?.canAnswer === true}
        />
      ) : (
        <>
          <AskedOfMany batons={batons} />
          {batons
            .filter((baton) => !isEnded(baton) && (baton.mine === 'owe' || baton.mine === 'reached'))
            .map((baton) => (
              <BatonCard key={baton.id} baton={baton} onAnswer={answer} readBack={readBack} />
            ))}
        </>
      )}
      {message.mine && message.ladderReaders.length > 0 && <LadderReaders message={message} />}
    </>
  );
}

/** On its way: nobody is accountable before the server has it, and this says so. */
function AskBefore({ message }: { readonly message: TimelineMessage }) {
  const { t, i18n } = useLingui();
  if (message.ask === null || message.contract === 'fyi') return null;
  const names = new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(
    message.ask.to.map(({ name }) => name),
  );
  const span = spanWords(message.ask.withinMs, i18n.locale);
  return (
    <p className={style['before']}>
      <ContractMark contract={message.contract} />
      {t`${names}, within ${span} of sending. The clock starts when it has gone out.`}
    </p>
  );
}

/** One baton for each role, as a care-plan change makes them: who has acknowledged and who has not. */
function AskedOfMany({ batons }: { readonly batons: readonly Baton[] }) {
  const { t } = useLingui();
  const [first] = batons;
  const seen = batons.filter((baton) => baton.acknowledgedBy !== null || isEnded(baton)).length;
  const all = batons.length;
  const open = batons.filter((baton) => !isEnded(baton));
  const next = open.toSorted((a, b) => a.deadline - b.deadline)[0];
  return (
    <div className={style['many']}>
      <p className={style['many-head']}>
        {first !== undefined && <ContractMark contract={first.contract} done={open.length === 0} />}
        <b>{t`${seen} of ${plural(all, { one: '# has acknowledged', other: '# have acknowledged' })}`}</b>
        {next !== undefined && <BatonClock baton={next} />}
      </p>
      <ul>
        {batons.map((baton) => (
          <OneOfMany key={baton.id} baton={baton} />
        ))}
      </ul>
    </div>
  );
}

function OneOfMany({ baton }: { readonly baton: Baton }) {
  const { t } = useLingui();
  const frame = useTimeFrame();
  const done = baton.ended ?? baton.acknowledgedBy;
  const person = baton.ended?.by ?? baton.acknowledgedBy?.person ?? null;
  const who = person === null ? '' : shortName(person.name);
  const time = done === null ? '' : clockTime(done.at, frame);
  return (
    <li className={style['one']} data-seen={done !== null || undefined}>
      <OwnerFace owner={baton.addressed} />
      <span className={style['one-name']}>{baton.addressed.name}</span>
      <span className={style['one-state']}>
        {done === null ? (
          <IconCircleDashed size={14} stroke={2} aria-hidden="true" />
        ) : (
          <IconCheck size={14} stroke={2.4} aria-hidden="true" />
        )}
        {done === null
          ? t`not yet`
          : baton.ended === null
            ? t`seen by ${who}, ${time}`
            : t`done by ${who}, ${time}`}
      </span>
    </li>
  );
}

function LadderReaders({ message }: { readonly message: TimelineMessage }) {
  const { i18n } = useLingui();
  const names = new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(
    message.ladderReaders.map(({ name }) => name),
  );
  return (
    <p className={style['readers']}>
      <IconLock size={12} stroke={2} aria-hidden="true" />
      <span>
        <Trans>Can also be read, through the ladder, by {names}.</Trans>
      </span>
    </p>
  );
}
