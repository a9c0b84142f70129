import type { DutyRow } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Modal, NativeSelect, Stack } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { Person } from '@baton/client';
import { ConfirmDialog } from '../../../design/primitives/confirm-dialog.tsx';
import { MemberPicker } from '../../../design/primitives/member-picker.tsx';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useAnnouncer } from '../../../design/session/live-region.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { UntilField } from '../fields/until-field.tsx';

const USUAL_MS = 8 * 3_600_000;

/** Asks whoever holds the role to hand it over to me. */
export function TakeDialog({ row, onClose }: { readonly row: DutyRow; readonly onClose: () => void }) {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const announcer = useAnnouncer();
  const { name } = row.role;
  const holders = new Intl.ListFormat(i18n.locale, { type: 'disjunction' }).format(
    row.onDuty.map((person) => person.name),
  );
  return (
    <ConfirmDialog
      title={t`Take ${name}?`}
      confirm={t`Ask for it`}
      onConfirm={() => duty.askToTake(row.role.id).then(() => announcer.say(t`Asked for ${name}`))}
      onClose={onClose}
    >
      {row.onDuty.length === 0 ? (
        <Trans>
          Nobody is on duty. The charge role of the unit is asked; the role is yours as soon as they agree.
        </Trans>
      ) : (
        <Trans>
          {holders} gets a request in your conversation. The role is yours as soon as they agree, with
          everything that is open in it.
        </Trans>
      )}
    </ConfirmDialog>
  );
}

/** Hands the role to somebody for a time. */
export function GiveDialog({ row, onClose }: { readonly row: DutyRow; readonly onClose: () => void }) {
  const { t } = useLingui();
  const { duty, directory } = useSession();
  const now = useNow(60_000);
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [instead, setInstead] = useState<AccountId | null>(row.onDuty[0]?.id ?? null);
  const [until, setUntil] = useState<number | null>(row.until ?? now + USUAL_MS);
  const action = useAction();
  const { name } = row.role;
  const search = useCallback(
    (query: string) =>
      directory
        .search(query)
        .filter(
          (found): found is Person =>
            found.kind === 'person' && !row.onDuty.some(({ id }) => id === found.id),
        ),
    [directory, row],
  );
  const [to] = chosen;
  const give = (): void => {
    if (to === undefined) return;
    const input = { role: row.role.id, to: to.id, instead, until };
    void action.run(() => duty.giveRole(input)).then((done) => done && onClose());
  };
  return (
    <Modal
      opened
      size="lg"
      title={t`Give ${name} to somebody`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <Stack gap="md">
        <MemberPicker
          focusFirst
          label={t`Who takes it`}
          chosen={chosen}
          onChange={(all) => setChosen(all.filter((one): one is Person => one.kind === 'person').slice(-1))}
          search={search}
        />
        {row.onDuty.length > 0 && (
          <NativeSelect
            label={t`In place of`}
            value={instead ?? ''}
            onChange={(event) =>
              setInstead(row.onDuty.find(({ id }) => id === event.currentTarget.value)?.id ?? null)
            }
            data={[
              ...row.onDuty.map((person) => ({ value: person.id, label: person.name })),
              { value: '', label: t`Nobody: they hold it together` },
            ]}
          />
        )}
        <UntilField label={t`Until`} value={until} onChange={setUntil} shiftEnd={row.until} />
        <p>
          <Trans>They can read everything that this role can read, also what came before.</Trans>
        </p>
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button disabled={to === undefined} loading={action.busy} onClick={give}>
            <Trans>Give the role</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
