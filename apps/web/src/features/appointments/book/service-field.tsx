import { TextInput } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { useId, useMemo } from 'react';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';

/** Newest visits are looked at for the names of services that the practice uses. */
const LOOKED_AT = 2000;

/** What a visit is for: free words, with those that the practice uses already offered. */
export function ServiceField({
  value,
  description,
  onChange,
}: {
  readonly value: string;
  readonly description?: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useLingui();
  const listId = useId();
  const services = useServices();
  return (
    <>
      <TextInput
        label={t`What for`}
        description={description}
        list={listId}
        maxLength={160}
        required
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={listId}>
        {services.map((service) => (
          <option key={service} value={service}>
            {service}
          </option>
        ))}
      </datalist>
    </>
  );
}

function useServices(): readonly string[] {
  const { appointments } = useSession();
  const visits = useLive(appointments.visits);
  const slots = useLive(appointments.slots);
  return useMemo(() => {
    const names = [
      ...slots.map(({ service }) => service.text),
      ...visits.slice(-LOOKED_AT).map(({ appointment }) => appointment.service.text),
    ];
    return [...new Set(names)].sort((a, b) => a.localeCompare(b));
  }, [visits, slots]);
}
