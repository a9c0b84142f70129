import type { Member, Person, Role } from '@baton/client';
import { Button, Modal, Stack } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconUserMinus, IconUserPlus, IconUsersPlus } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { MemberLine } from '../../design/primitives/member-line.tsx';
import { MemberPicker } from '../../design/primitives/member-picker.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './people.module.css';
import { RoleDialog } from './role-dialog.tsx';

export function Roles({ canDefine }: { readonly canDefine: boolean }) {
  const { directory } = useSession();
  const roles = useLive(directory.roles);
  const [defining, setDefining] = useState(false);
  return (
    <>
      <p className={style['quiet']}>
        <Trans>
          A role is a function that people cover. Messages to it are read by whoever holds it now; a new
          holder can read what came before.
        </Trans>
      </p>
      <Button
        mt="sm"
        variant="light"
        disabled={!canDefine}
        leftSection={<IconUsersPlus size={18} stroke={1.7} aria-hidden="true" />}
        onClick={() => setDefining(true)}
      >
        <Trans>Define a role</Trans>
      </Button>
      <ul className={style['list']}>
        {roles.map((role) => (
          <RoleItem key={role.id} role={role} canChange={canDefine} />
        ))}
      </ul>
      {defining && <RoleDialog onClose={() => setDefining(false)} />}
    </>
  );
}

function RoleItem({ role, canChange }: { readonly role: Role; readonly canChange: boolean }) {
  const { t } = useLingui();
  const { people } = useSession();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Person | null>(null);
  const person = removing?.name ?? '';
  const { name } = role;
  return (
    <li className={style['role']}>
      <div className={style['row']}>
        <MemberLine member={role} />
        {canChange && (
          <IconAction label={t`Add somebody to ${name}`} onClick={() => setAdding(true)}>
            <IconUserPlus size={19} stroke={1.7} />
          </IconAction>
        )}
      </div>
      {role.holders.length === 0 ? (
        <Notice tone="waiting">
          <Trans>Nobody holds this role. Messages to it wait.</Trans>
        </Notice>
      ) : (
        <ul className={style['holders']}>
          {role.holders.map((holder) => (
            <li key={holder.id} className={style['holder']}>
              {holder.name}
              {canChange && (
                <IconAction
                  size="small"
                  label={t`Take ${holder.name} out of ${name}`}
                  onClick={() => setRemoving(holder)}
                >
                  <IconUserMinus size={17} stroke={1.7} />
                </IconAction>
              )}
            </li>
          ))}
        </ul>
      )}
      {adding && <AddHolder role={role} onClose={() => setAdding(false)} />}
      {removing !== null && (
        <ConfirmDialog
          danger
          title={t`Take ${person} out of ${name}?`}
          confirm={t`Take out`}
          onConfirm={() => people.removeHolder(role.id, removing.id)}
          onClose={() => setRemoving(null)}
        >
          <Trans>
            {person} keeps what was sent before, and cannot read what is sent to this role from now on.
          </Trans>
        </ConfirmDialog>
      )}
    </li>
  );
}

function AddHolder({ role, onClose }: { readonly role: Role; readonly onClose: () => void }) {
  const { t } = useLingui();
  const { people, directory } = useSession();
  const [chosen, setChosen] = useState<readonly Member[]>([]);
  const action = useAction();
  const search = useCallback(
    (query: string) =>
      directory
        .search(query)
        .filter((member) => member.kind === 'person' && !role.holders.some(({ id }) => id === member.id)),
    [directory, role],
  );
  const { name } = role;
  const add = async (): Promise<void> => {
    for (const member of chosen) {
      if (member.kind !== 'role') await people.addHolder(role.id, member.id);
    }
  };
  return (
    <Modal opened title={t`Add to ${name}`} onClose={onClose} closeButtonProps={{ 'aria-label': t`Close` }}>
      <Stack gap="md">
        <MemberPicker
          focusFirst
          label={t`Find people`}
          chosen={chosen}
          onChange={setChosen}
          search={search}
        />
        <FailureNotice sentence={action.failure} />
        <Button
          disabled={chosen.length === 0}
          loading={action.busy}
          onClick={() => void action.run(add).then((done) => done && onClose())}
        >
          <Trans>Add</Trans>
        </Button>
      </Stack>
    </Modal>
  );
}
