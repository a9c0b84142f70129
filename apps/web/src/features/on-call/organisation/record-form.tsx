import { Trans } from '@lingui/react/macro';
import { Button, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ConfirmDialog } from '../../../design/primitives/confirm-dialog.tsx';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import style from './organisation.module.css';

/** The frame of a form that saves one record of the organisation. */
export function RecordForm({
  label,
  canSave,
  save,
  remove,
  onClose,
  children,
}: {
  readonly label: string;
  readonly canSave: boolean;
  readonly save: () => Promise<unknown>;
  /** null: it is new, or cannot go. */
  readonly remove: {
    readonly title: string;
    readonly words: string;
    readonly confirm: string;
    readonly run: () => Promise<unknown>;
  } | null;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const action = useAction();
  const [removing, setRemoving] = useState(false);
  return (
    <form
      className={style['form']}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(save).then((done) => done && onClose());
      }}
    >
      {children}
      <FailureNotice sentence={action.failure} />
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <Button type="submit" disabled={!canSave} loading={action.busy}>
            <Trans>Save</Trans>
          </Button>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
        </Group>
        {remove !== null && (
          <Button variant="subtle" color="red" onClick={() => setRemoving(true)}>
            {remove.confirm}
          </Button>
        )}
      </Group>
      {removing && remove !== null && (
        <ConfirmDialog
          danger
          title={remove.title}
          confirm={remove.confirm}
          onConfirm={() => remove.run().then(onClose)}
          onClose={() => setRemoving(false)}
        >
          {remove.words}
        </ConfirmDialog>
      )}
    </form>
  );
}
