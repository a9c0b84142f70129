import type { Contract } from '@baton/wire';
import { useLingui } from '@lingui/react';
import { IconClock, IconPhone } from '@tabler/icons-react';
import { CONTRACT_NAMES } from './baton-words.ts';
import style from './contract-mark.module.css';

/** Eight corners that are still eight at 15 px, where a rounded sign would look like any round warning. */
export function Octagon({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path fill="currentColor" d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" />
      <path className={style['sign'] ?? ''} d="M12 6.2v7.2M12 17.2v.1" />
    </svg>
  );
}

const ICONS = { reply: IconClock, talk: IconPhone } as const;

export function ContractIcon({
  contract,
  size = 16,
}: {
  readonly contract: Exclude<Contract, 'fyi'>;
  readonly size?: number;
}) {
  if (contract === 'stat') {
    return (
      <span className={style['icon']} data-contract={contract}>
        <Octagon size={size} />
      </span>
    );
  }
  const Icon = ICONS[contract];
  return (
    <span className={style['icon']} data-contract={contract}>
      <Icon size={size} stroke={2} aria-hidden="true" />
    </span>
  );
}

/** Shape, word and colour of a contract. FYI has no mark. */
export function ContractMark({
  contract,
  done = false,
}: {
  readonly contract: Contract;
  /** Ended: the mark stays, its colour goes. */
  readonly done?: boolean;
}) {
  const { i18n } = useLingui();
  if (contract === 'fyi') return null;
  return (
    <span className={style['mark']} data-contract={contract} data-done={done || undefined}>
      <ContractIcon contract={contract} />
      {i18n._(CONTRACT_NAMES[contract])}
    </span>
  );
}
