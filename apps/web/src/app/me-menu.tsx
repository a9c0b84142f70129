import { Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconKeyboard, IconLogout, IconSettings, IconShieldLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Face } from '../design/primitives/face.tsx';
import { useSession } from '../design/session/session-context.tsx';
import { useLive } from '../design/session/use-live.ts';
import { JOB_NAMES } from '../design/words/job-words.ts';
import { useAccount } from './account.tsx';
import { useOverlays } from './overlays-context.ts';
import style from './shell.module.css';

export function MeMenu() {
  const { t, i18n } = useLingui();
  const { leave } = useAccount();
  const overlays = useOverlays();
  const me = useLive(useSession().me);
  const { name } = me;
  return (
    <Menu position="right-end" withinPortal width={260}>
      <Menu.Target>
        <button type="button" className={style['item']} aria-label={t`My account: ${name}`}>
          <Face member={{ kind: 'person', id: me.account, name }} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={style['me']}>
          <b>{name}</b>
          <span>{me.jobs.map((job) => i18n._(JOB_NAMES[job])).join(', ')}</span>
          <span>{me.orgName}</span>
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={16} />}>
          <Trans>Settings</Trans>
        </Menu.Item>
        <Menu.Item component={Link} to="/security" leftSection={<IconShieldLock size={16} />}>
          <Trans>Devices and sign-in</Trans>
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={overlays.showKeys}>
          <Trans>Keyboard shortcuts</Trans>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => {
            // Whatever the server says, the session has ended here.
            leave({ wipe: false }).catch(() => undefined);
          }}
        >
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
