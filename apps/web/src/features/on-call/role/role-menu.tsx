import type { DutyRow } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Menu } from '@mantine/core';
import { IconCalendarWeek, IconDots, IconHandGrab, IconMessage, IconUserShare } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { GiveDialog, TakeDialog } from './role-acts.tsx';
import style from './role.module.css';
import { useMessageRole } from './use-message-role.ts';

/** What one can do with a role, from the board. */
export function RoleMenu({ row }: { readonly row: DutyRow }) {
  const { t } = useLingui();
  const [act, setAct] = useState<'take' | 'give' | null>(null);
  const navigate = useNavigate();
  const message = useMessageRole(row.role.id);
  const { name } = row.role;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <button type="button" className={style['more']} aria-label={t`Actions for ${name}`}>
            <IconDots size={18} stroke={1.8} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconMessage size={16} />} onClick={message.open}>
            <Trans>Message this role</Trans>
          </Menu.Item>
          {row.can.take && (
            <Menu.Item leftSection={<IconHandGrab size={16} />} onClick={() => setAct('take')}>
              <Trans>Take this role…</Trans>
            </Menu.Item>
          )}
          {row.can.give && (
            <Menu.Item leftSection={<IconUserShare size={16} />} onClick={() => setAct('give')}>
              <Trans>Give to…</Trans>
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconCalendarWeek size={16} />}
            onClick={() => void navigate({ to: '/on-call/$item', params: { item: row.role.id } })}
          >
            <Trans>Week and schedule</Trans>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {act === 'take' && <TakeDialog row={row} onClose={() => setAct(null)} />}
      {act === 'give' && <GiveDialog row={row} onClose={() => setAct(null)} />}
    </>
  );
}
