import type { Person } from '@baton/client';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { LinkOnce, type MadeLink } from './link-once.tsx';

export function ReinviteDialog({
  person,
  onClose,
}: {
  readonly person: Person;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { people } = useSession();
  const [made, setMade] = useState<MadeLink | null>(null);
  const action = useAction();
  const { name } = person;
  return (
    <Modal
      opened
      size="lg"
      closeOnClickOutside={false}
      title={t`New keys for ${name}`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {made === null ? (
        <Stack gap="md">
          <p>
            <Trans>
              For somebody who has lost every device and the recovery words. {name} gets new keys; everybody
              sees the change, and who allowed it.
            </Trans>
          </p>
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" data-autofocus onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button
              loading={action.busy}
              onClick={() => void action.run(async () => setMade(await people.reinvite(person.id)))}
            >
              <Trans>Make the invitation</Trans>
            </Button>
          </Group>
        </Stack>
      ) : (
        <LinkOnce made={made} onDone={onClose} />
      )}
    </Modal>
  );
}
