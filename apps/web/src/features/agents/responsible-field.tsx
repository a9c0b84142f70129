import type { AccountId } from '@baton/kernel';
import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';

/** The person who answers for an assistant. */
export function ResponsibleField({
  value,
  onChange,
}: {
  readonly value: AccountId;
  readonly onChange: (person: AccountId) => void;
}) {
  const { t, i18n } = useLingui();
  const people = useLive(useSession().directory.people)
    .filter(({ kind, active, id }) => kind === 'person' && (active || id === value))
    .toSorted((a, b) => a.name.localeCompare(b.name, i18n.locale));
  return (
    <NativeSelect
      label={t`Answers for it`}
      value={value}
      onChange={(event) => {
        const person = people.find(({ id }) => id === event.currentTarget.value);
        if (person !== undefined) onChange(person.id);
      }}
      data={people.map((person) => ({ value: person.id as string, label: person.name }))}
    />
  );
}
