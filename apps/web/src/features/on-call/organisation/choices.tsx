import { type LadderId, parseId, type RoleId } from '@baton/kernel';
import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';

/** One role, or none. */
export function RoleSelect({
  label,
  description,
  none,
  value,
  onChange,
}: {
  readonly label: string;
  readonly description?: string;
  /** Name of choosing none. */
  readonly none: string;
  readonly value: RoleId | null;
  readonly onChange: (role: RoleId | null) => void;
}) {
  const { i18n } = useLingui();
  const roles = useLive(useSession().directory.roles).toSorted((a, b) =>
    a.name.localeCompare(b.name, i18n.locale),
  );
  return (
    <NativeSelect
      label={label}
      description={description}
      value={value ?? ''}
      onChange={(event) => onChange(parseId('role', event.currentTarget.value))}
      data={[
        { value: '', label: none },
        ...roles.map(({ id, name }) => ({ value: id as string, label: name })),
      ]}
    />
  );
}

/** One ladder, or that of the organisation. */
export function LadderSelect({
  label,
  none,
  value,
  onChange,
}: {
  readonly label: string;
  /** Name of choosing none; left out where there must be one. */
  readonly none?: string;
  readonly value: LadderId | null;
  readonly onChange: (ladder: LadderId | null) => void;
}) {
  const { duty } = useSession();
  const ladders = useLive(duty.ladders).filter(({ active, ladder }) => active || ladder === value);
  return (
    <NativeSelect
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(parseId('ladder', event.currentTarget.value))}
      data={[
        ...(none === undefined ? [] : [{ value: '', label: none }]),
        ...ladders.map(({ ladder, name }) => ({ value: ladder as string, label: name })),
      ]}
    />
  );
}
