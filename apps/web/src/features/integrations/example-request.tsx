import { Trans, useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { Section } from '../../design/primitives/pane.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './integrations.module.css';

/** What a system sends to open a baton, with an owner of this organisation filled in. */
export function ExampleRequest() {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const roles = useLive(duty.roles)
    .map(({ role }) => role)
    .toSorted((a, b) => a.name.localeCompare(b.name, i18n.locale));
  const queues = useLive(duty.queues).filter(({ active }) => active);
  const owners = [
    ...roles.map(({ id, name }) => ({ value: id as string, label: name })),
    ...queues.map(({ queue, name }) => ({ value: queue as string, label: name })),
  ];
  const [chosen, setChosen] = useState<string | null>(null);
  const to = chosen ?? owners[0]?.value ?? 'r_…';
  const request = [
    `curl -X POST ${location.origin}/v1/integrations/batons \\`,
    `  -H 'Authorization: Bearer TOKEN' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"to":"${to}","contract":"stat","withinMs":300000,"reference":"order-4711"}'`,
  ].join('\n');
  return (
    <Section
      title={t`Opening a baton`}
      text={
        <Trans>
          Sending the same reference again opens nothing new. The reference is all that is kept of it here:
          use a number that says nothing about a patient.
        </Trans>
      }
    >
      <div className={style['example']}>
        {owners.length > 0 && (
          <NativeSelect
            size="sm"
            label={t`For`}
            value={to}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={owners}
          />
        )}
        <CopyField label={t`Request`} value={request} lines />
      </div>
    </Section>
  );
}
