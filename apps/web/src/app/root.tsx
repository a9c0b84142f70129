import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link, Outlet } from '@tanstack/react-router';
import { DoorFrame } from '../design/primitives/door-frame.tsx';

export function Root() {
  return <Outlet />;
}

export function NotFound() {
  const { t } = useLingui();
  return (
    <DoorFrame title={t`This page does not exist`}>
      <p>
        <Trans>The address may be old or incomplete.</Trans>
      </p>
      <Button component={Link} to="/inbox">
        <Trans>Go to the inbox</Trans>
      </Button>
    </DoorFrame>
  );
}
