import type { DeviceBody } from '@baton/wire';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { Section } from '../../design/primitives/pane.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { listTime } from '../../design/words/time-words.ts';
import style from './security.module.css';

export function Devices() {
  const { t } = useLingui();
  const { security } = useSession();
  const devices = useLive(security.devices);
  const [ending, setEnding] = useState<DeviceBody | null>(null);
  const label = ending?.label ?? '';
  return (
    <Section
      title={t`Devices`}
      text={<Trans>Sign out a device that you have lost or do not know. It loses its key at once.</Trans>}
    >
      <ul className={style['list']}>
        {devices.map((device) => (
          <DeviceRow key={device.device} device={device} onEnd={() => setEnding(device)} />
        ))}
      </ul>
      {ending !== null && (
        <ConfirmDialog
          danger
          title={t`Sign out ${label}?`}
          confirm={t`Sign out`}
          onConfirm={() => security.revokeDevice(ending.device)}
          onClose={() => setEnding(null)}
        >
          <Trans>
            It cannot open anything any more. Your conversations get new keys with the next message.
          </Trans>
        </ConfirmDialog>
      )}
    </Section>
  );
}

function DeviceRow({ device, onEnd }: { readonly device: DeviceBody; readonly onEnd: () => void }) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const phone = /iphone|android|phone|ipad|mobile/i.test(device.label);
  const Icon = phone ? IconDeviceMobile : IconDeviceDesktop;
  const { label, lastSeenAt } = device;
  return (
    <li className={style['row']}>
      <Icon size={24} stroke={1.5} aria-hidden="true" />
      <span className={style['what']}>
        <b>{label}</b>
        <span>
          {device.current ? (
            <Trans>This device</Trans>
          ) : lastSeenAt === null ? (
            <Trans>Not used yet</Trans>
          ) : (
            <>
              <Trans>Last used</Trans>{' '}
              <ExactTime at={lastSeenAt}>{listTime(lastSeenAt, now, frame)}</ExactTime>
            </>
          )}
        </span>
      </span>
      {!device.current && (
        <Button
          variant="light"
          color="red"
          size="compact-md"
          aria-label={t`Sign out ${label}`}
          onClick={onEnd}
        >
          <Trans>Sign out</Trans>
        </Button>
      )}
    </li>
  );
}
