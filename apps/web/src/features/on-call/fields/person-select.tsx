import type { AccountId } from '@baton/kernel';
import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';

/** Active colleagues by name. Somebody who is not active any more stays to be seen where already chosen. */
export function PersonSelect({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: AccountId;
  readonly onChange: (account: AccountId) => void;
}) {
  const { t, i18n } = useLingui();
  const people = useLive(useSession().directory.people);
  const data = useMemo(
    () =>
      people
        .filter(({ kind, active, id }) => id === value || (kind === 'person' && active))
        .toSorted((a, b) => a.name.localeCompare(b.name, i18n.locale))
        .map(({ id, name, active }) => ({ value: id, label: active ? name : t`${name} (not active)` })),
    [people, value, i18n.locale, t],
  );
  return (
    <NativeSelect
      size="sm"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = people.find(({ id }) => id === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen.id);
      }}
      data={data}
    />
  );
}
