import { Button, Group, Modal, Stack } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { useAction } from '../session/use-action.ts';
import { FailureNotice } from './notice.tsx';

export interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks once before something that cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, confirm, danger = false, onConfirm, onClose } = props;
  const { t } = useLingui();
  const action = useAction();
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t`Close` }}>
      <Stack gap="md">
        <div>{children}</div>
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" data-autofocus onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button
            color={danger ? 'red' : 'brand'}
            loading={action.busy}
            onClick={() => void action.run(onConfirm).then((done) => done && onClose())}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
