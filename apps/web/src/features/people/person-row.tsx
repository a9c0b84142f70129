import type { Person } from '@baton/client';
import { Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconDots, IconKey, IconPencil, IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { MemberLine, useMemberWords } from '../../design/primitives/member-line.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { ChangeDialog } from './change-dialog.tsx';
import style from './people.module.css';
import { ReinviteDialog } from './reinvite-dialog.tsx';

type Act = 'change' | 'reinvite' | 'deactivate';

export function PersonRow({ person, canChange }: { readonly person: Person; readonly canChange: boolean }) {
  const { t } = useLingui();
  const session = useSession();
  const self = useLive(session.me).account === person.id;
  const words = useMemberWords(person);
  const [act, setAct] = useState<Act | null>(null);
  const { name } = person;
  const close = (): void => setAct(null);
  return (
    <li className={style['row']} data-inactive={!person.active || undefined}>
      <MemberLine
        member={person}
        about={person.active ? (self ? t`${words} · you` : words) : t`${words} · not active`}
      />
      {canChange && person.active && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <button type="button" className={style['more']} aria-label={t`Change ${name}`}>
              <IconDots size={18} stroke={1.8} aria-hidden="true" />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconPencil size={16} />}
              disabled={self}
              onClick={() => setAct('change')}
            >
              <Trans>Change name or jobs</Trans>
            </Menu.Item>
            <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setAct('reinvite')}>
              <Trans>Invite again with new keys</Trans>
            </Menu.Item>
            <Menu.Item
              color="red"
              disabled={self}
              leftSection={<IconUserOff size={16} />}
              onClick={() => setAct('deactivate')}
            >
              <Trans>Deactivate…</Trans>
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {act === 'change' && <ChangeDialog person={person} onClose={close} />}
      {act === 'reinvite' && <ReinviteDialog person={person} onClose={close} />}
      {act === 'deactivate' && (
        <ConfirmDialog
          danger
          title={t`Deactivate ${name}?`}
          confirm={t`Deactivate`}
          onConfirm={() => session.people.deactivate(person.id)}
          onClose={close}
        >
          <Trans>
            Every session of {name} ends at once. Conversations get new keys with the next message. What was
            written stays.
          </Trans>
        </ConfirmDialog>
      )}
    </li>
  );
}
