import type { Member } from '@baton/client';
import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useCallback, useState } from 'react';
import { MemberPicker } from '../../design/primitives/member-picker.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';

export function RoleDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const { people, directory } = useSession();
  const [name, setName] = useState('');
  const [unit, setUnit] = useState('');
  const [use, setUse] = useState<'team' | 'duty'>('team');
  const [holders, setHolders] = useState<readonly Member[]>([]);
  const action = useAction();
  const search = useCallback(
    (query: string) => directory.search(query).filter((member) => member.kind === 'person'),
    [directory],
  );
  const define = (): Promise<unknown> =>
    people.defineRole({
      name: name.trim(),
      unit: unit.trim() === '' ? null : unit.trim(),
      use,
      holders: holders.flatMap((member) => (member.kind === 'role' ? [] : [member.id])),
    });
  return (
    <Modal
      opened
      size="lg"
      title={t`Define a role`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(define).then((done) => done && onClose());
        }}
      >
        <Stack gap="md">
          <TextInput
            data-autofocus
            label={t`Name of the role`}
            placeholder={t`Charge nurse 4 West`}
            maxLength={120}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t`Unit (optional)`}
            maxLength={120}
            value={unit}
            onChange={(event) => setUnit(event.currentTarget.value)}
          />
          <Radio.Group label={t`Kind`} value={use} onChange={(value) => setUse(value)}>
            <Stack gap="xs" mt="xs">
              <Radio value="team" label={t`Team: the same people for a long time`} />
              <Radio value="duty" label={t`Duty: passed on from shift to shift`} />
            </Stack>
          </Radio.Group>
          <MemberPicker label={t`Who holds it now`} chosen={holders} onChange={setHolders} search={search} />
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" disabled={name.trim() === ''} loading={action.busy}>
              <Trans>Define the role</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
