import { type Contract, CONTRACTS } from '@baton/wire';
import { useLingui } from '@lingui/react/macro';
import { useId } from 'react';
import { CONTRACT_NAMES } from '../../design/batons/baton-words.ts';
import { ContractIcon } from '../../design/batons/contract-mark.tsx';
import { useShortcut } from '../../design/keys/shortcuts.tsx';
import style from './contract-picker.module.css';
import type { Asking } from './use-ask.ts';

/** FYI, reply, call me, STAT: one tap, one key (1 to 4, with Alt while writing), one arrow. */
export function ContractPicker({ asking }: { readonly asking: Asking }) {
  const { t, i18n } = useLingui();
  const name = useId();
  const { contract, setContract, defaults } = asking;
  const canAsk = defaults.available && defaults.owners.length > 0;
  useShortcut('1', () => setContract('fyi'));
  useShortcut('2', () => setContract('reply'));
  useShortcut('3', () => setContract('talk'));
  useShortcut('4', () => setContract('stat'));
  return (
    <div className={style['picker']} role="radiogroup" aria-label={t`What you ask for`}>
      {CONTRACTS.map((one, index) => {
        const key = index + 1;
        return (
          <label
            key={one}
            className={style['segment']}
            data-contract={one}
            data-on={contract === one || undefined}
            data-off={(one !== 'fyi' && !canAsk) || undefined}
            title={t`Alt+${key} while writing`}
          >
            <input
              type="radio"
              name={name}
              className={style['radio']}
              checked={contract === one}
              disabled={one !== 'fyi' && !canAsk}
              onChange={() => setContract(one)}
            />
            {one !== 'fyi' && <ContractIcon contract={one} size={15} />}
            {i18n._(CONTRACT_NAMES[one])}
          </label>
        );
      })}
    </div>
  );
}

/** Alt with 1 to 4, by the key's place: on some keyboards Alt makes other signs of the digits. */
export function contractOfKey(event: { readonly altKey: boolean; readonly code: string }): Contract | null {
  if (!event.altKey) return null;
  const digit = /^(?:Digit|Numpad)([1-4])$/.exec(event.code)?.[1];
  return digit === undefined ? null : (CONTRACTS[Number(digit) - 1] ?? null);
}
