import type { CareThread, Owner } from '@baton/client';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { OwnerPicker } from '../../design/batons/owner-picker.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';

/** Gives a patient's conversation to a person or a role. What is owed in it stays with who owes it until they hand it over. */
export function AssignDialog({
  thread,
  onClose,
}: {
  readonly thread: CareThread;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { care } = useSession();
  const action = useAction();
  const [owner, setOwner] = useState<Owner | null>(null);
  const give = async (): Promise<void> => {
    if (owner === null || owner.kind === 'queue') return;
    const done = await action.run(() => care.changeThread(thread.conversation, { assignee: owner.id }));
    if (done) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`Who looks after this conversation`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <Stack gap="md">
        <OwnerPicker label={t`Person or role`} chosen={owner} focusFirst onChange={setOwner} />
        {owner?.kind === 'queue' && (
          <FailureNotice sentence={t`A queue is no person or role. Choose somebody who looks after it.`} />
        )}
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button
            loading={action.busy}
            disabled={owner === null || owner.kind === 'queue'}
            onClick={() => void give()}
          >
            <Trans>Give</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
