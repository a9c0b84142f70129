import type { Person } from '@baton/client';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { isComplete, PersonFields, type PersonFieldsValue } from './person-fields.tsx';

export function ChangeDialog({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const { t } = useLingui();
  const { people } = useSession();
  const [value, setValue] = useState<PersonFieldsValue>({ name: person.name, jobs: person.jobs });
  const action = useAction();
  const { name } = person;
  return (
    <Modal
      opened
      size="lg"
      title={t`Change ${name}`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action
            .run(() => people.change(person.id, { ...value, name: value.name.trim() }))
            .then((done) => done && onClose());
        }}
      >
        <Stack gap="md">
          <PersonFields value={value} onChange={setValue} />
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" disabled={!isComplete(value)} loading={action.busy}>
              <Trans>Save</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
