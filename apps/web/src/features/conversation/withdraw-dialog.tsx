import type { Conversation, TimelineMessage } from '@baton/client';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useAction } from '../../design/session/use-action.ts';

/** Withdrawing leaves a trail; the reason is optional and everybody sees it. */
export function WithdrawDialog({
  message,
  conversation,
  onClose,
}: {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const [reason, setReason] = useState('');
  const action = useAction();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`Withdraw this message`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action
            .run(() => conversation.withdraw(message.id, reason.trim() === '' ? null : reason.trim()))
            .then((done) => done && onClose());
        }}
      >
        <Stack gap="md">
          <p>
            <Trans>
              Everybody sees that you withdrew it and when. Whoever has opened it already may remember what it
              said.
            </Trans>
          </p>
          <TextInput
            data-autofocus
            label={t`Reason (optional, seen by everybody)`}
            placeholder={t`Wrong patient`}
            maxLength={280}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Keep it</Trans>
            </Button>
            <Button type="submit" color="red" loading={action.busy}>
              <Trans>Withdraw</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
