import type { Owner } from '@baton/client';
import { CloseButton } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { OwnerFace } from '../../design/batons/owner-words.tsx';
import style from './ask-panel.module.css';
import { MOST_OWNERS } from './use-ask.ts';

/** Whom the message asks: chips, and a list to change or add. Each gets a baton of their own. */
export function OwnerChoice({
  owners,
  chosen,
  onChange,
}: {
  readonly owners: readonly Owner[];
  readonly chosen: readonly Owner[];
  readonly onChange: (owners: readonly Owner[]) => void;
}) {
  const { t } = useLingui();
  const rest = owners.filter(({ id }) => !chosen.some((owner) => owner.id === id));
  return (
    <span className={style['owners']}>
      {chosen.map((owner) => {
        const { name } = owner;
        return (
          <span key={owner.id} className={style['owner']}>
            <OwnerFace owner={owner} />
            <span className={style['owner-name']}>{name}</span>
            <CloseButton
              size="xs"
              aria-label={t`Do not ask ${name}`}
              onClick={() => onChange(chosen.filter(({ id }) => id !== owner.id))}
            />
          </span>
        );
      })}
      {rest.length > 0 && chosen.length < MOST_OWNERS && (
        <select
          className={style['add']}
          aria-label={chosen.length === 0 ? t`Whom you ask` : t`Ask somebody else as well`}
          value=""
          onChange={(event) => {
            const owner = rest.find(({ id }) => id === event.currentTarget.value);
            if (owner !== undefined) onChange([...chosen, owner]);
          }}
        >
          <option value="">{chosen.length === 0 ? t`Choose…` : t`Add…`}</option>
          {rest.map((owner) => (
            <option key={owner.id} value={owner.id}>
              {owner.name}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}
