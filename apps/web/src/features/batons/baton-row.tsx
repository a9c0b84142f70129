import type { Baton } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { BatonClock } from '../../design/batons/baton-clock.tsx';
import { batonParam, CONTRACT_NAMES, isEnded, openerName } from '../../design/batons/baton-words.ts';
import { ContractIcon } from '../../design/batons/contract-mark.tsx';
import { useHeldActs } from '../../design/batons/held-acts.tsx';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { clockTime } from '../../design/words/time-words.ts';
import style from './baton-list.module.css';

/** One baton in the list: mark, who asks, what, and its clock on the right. */
export function BatonRow({
  baton,
  selected,
  part,
}: {
  readonly baton: Baton;
  readonly selected: boolean;
  readonly part: 'now' | 'offered' | 'owe' | 'waiting' | 'others' | 'ended';
}) {
  const { i18n, t } = useLingui();
  const { held } = useHeldActs();
  const frame = useTimeFrame();
  const who = useWho(baton, part);
  const leaving = held.has(baton.id) || baton.pending;
  const contract = i18n._(CONTRACT_NAMES[baton.contract]);
  return (
    <Link
      to="/batons/$baton"
      params={{ baton: batonParam(baton.id) }}
      className={style['row']}
      aria-current={selected ? 'page' : undefined}
      data-part={part}
      data-contract={baton.contract}
      data-strong={(!leaving && part === 'now' && baton.contract === 'stat') || undefined}
      data-held={leaving || undefined}
    >
      <ContractIcon contract={baton.contract} size={20} />
      <span className={style['main']}>
        <span className={style['top']}>
          <span className={style['contract']}>{contract}</span>
          <span className={style['who']}>{who}</span>
        </span>
        <span className={style['text']}>{baton.text ?? <NoText baton={baton} />}</span>
        {/* Who asks for themselves is named already. */}
        {baton.patient !== null && !who.includes(baton.patient) && (
          <span className={style['patient']}>{baton.patient}</span>
        )}
      </span>
      <span className={style['clock']}>
        {isEnded(baton) && baton.ended !== null ? (
          <ExactTime at={baton.ended.at}>{clockTime(baton.ended.at, frame)}</ExactTime>
        ) : (
          <BatonClock baton={baton} short />
        )}
        {baton.status === 'acknowledged' && baton.contract === 'reply' && (
          <span className={style['seen']}>{t`seen`}</span>
        )}
      </span>
    </Link>
  );
}

function NoText({ baton }: { readonly baton: Baton }) {
  if (baton.opener.kind === 'integration') {
    const reference = baton.opener.reference ?? '';
    return <Trans>Reference {reference}</Trans>;
  }
  return <Trans>The message is being unlocked for you.</Trans>;
}

/** Who asks me, whom I ask, or whose it is. */
function useWho(baton: Baton, part: string): string {
  const { t } = useLingui();
  const owner = baton.owner.name;
  const opener = openerName(baton) ?? t`Outside system`;
  if (part === 'waiting') return owner;
  if (part === 'ended') return baton.mine === 'waiting' ? owner : opener;
  return opener;
}
