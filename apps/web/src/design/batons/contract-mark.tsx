import type { Contract } from '@baton/wire';
import { useLingui } from '@lingui/react';
import { IconAlertOctagonFilled, IconClock, IconPhone } from '@tabler/icons-react';
import { CONTRACT_NAMES } from './baton-words.ts';
import style from './contract-mark.module.css';

const ICONS = { reply: IconClock, talk: IconPhone, stat: IconAlertOctagonFilled } as const;

export function ContractIcon({
  contract,
  size = 16,
}: {
  readonly contract: Exclude<Contract, 'fyi'>;
  readonly size?: number;
}) {
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
