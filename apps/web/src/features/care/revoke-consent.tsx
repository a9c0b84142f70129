import { CONSENT_WAYS, type Consent } from '@baton/wire';
import { Button, Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useSession } from '../../design/session/session-context.tsx';
import type { Action } from '../../design/session/use-action.ts';
import { WAY_NAMES } from './consent-words.ts';

/** Takes a consent back, and asks by which way the patient said so: the record is worth what it says of that. */
export function RevokeConsent({
  patient,
  consent,
  action,
}: {
  readonly patient: string;
  readonly consent: Consent;
  readonly action: Action;
}) {
  const { i18n } = useLingui();
  const { care } = useSession();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="compact-xs" variant="subtle" color="red" loading={action.busy}>
          <Trans>Revoke…</Trans>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Trans>How did the patient revoke it?</Trans>
        </Menu.Label>
        {CONSENT_WAYS.map((how) => (
          <Menu.Item
            key={how}
            onClick={() => void action.run(() => care.revokeConsent(patient, consent.id, how))}
          >
            {i18n._(WAY_NAMES[how])}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
