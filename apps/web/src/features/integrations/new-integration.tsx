import type { MadeIntegration } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';

export function NewIntegration({
  onMade,
  onClose,
}: {
  readonly onMade: (made: MadeIntegration) => void;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { integrations } = useSession();
  const [name, setName] = useState('');
  const [webhook, setWebhook] = useState('');
  const action = useAction();
  const address = webhook.trim();
  const isAddress = address === '' || /^https:\/\/[^\s/]+/.test(address);
  const create = async (): Promise<void> => {
    onMade(await integrations.create({ name: name.trim(), webhook: address === '' ? null : address }));
  };
  return (
    <Modal
      opened
      size="lg"
      title={t`Connect a system`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(create);
        }}
      >
        <Stack gap="md">
          <TextInput
            data-autofocus
            label={t`Name of the system`}
            required
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t`Address that is told about changes (optional)`}
            description={t`Begins with https. Each delivery is signed; the system checks it with the signing secret.`}
            type="url"
            maxLength={1000}
            error={isAddress ? null : t`The address must begin with https://`}
            value={webhook}
            onChange={(event) => setWebhook(event.currentTarget.value)}
          />
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" disabled={name.trim() === '' || !isAddress} loading={action.busy}>
              <Trans>Connect</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Token and signing secret: shown once, since the server does not keep them to show again. */
export function MadeDialog({
  made,
  onClose,
}: {
  readonly made: MadeIntegration;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { name, webhook } = made.integration;
  return (
    <Modal
      opened
      size="lg"
      closeOnClickOutside={false}
      title={t`${name} is connected`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <Stack gap="md">
        <p>
          <Trans>Enter these in the other system now. They are shown only this once.</Trans>
        </p>
        <CopyField label={t`Token`} value={made.token} />
        {webhook !== null && (
          <CopyField label={t`Signing secret of the deliveries`} value={made.webhookSecret} />
        )}
        <Button data-autofocus onClick={onClose}>
          <Trans>I have entered them</Trans>
        </Button>
      </Stack>
    </Modal>
  );
}
