import { Button, Group, Modal, Stack } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { type MadeLink, LinkOnce } from './link-once.tsx';
import { isComplete, PersonFields, type PersonFieldsValue } from './person-fields.tsx';

export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const { people } = useSession();
  const [value, setValue] = useState<PersonFieldsValue>({ name: '', jobs: [] });
  const [made, setMade] = useState<MadeLink | null>(null);
  const action = useAction();
  const { name } = value;
  return (
    <Modal
      opened
      size="lg"
      closeOnClickOutside={false}
      title={made === null ? t`Invite somebody` : t`Invitation for ${name}`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {made === null ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void action.run(async () => setMade(await people.invite({ ...value, name: value.name.trim() })));
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
                <Trans>Make the invitation</Trans>
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <LinkOnce made={made} onDone={onClose} />
      )}
    </Modal>
  );
}
