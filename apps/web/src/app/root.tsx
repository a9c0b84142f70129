import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link, Outlet } from '@tanstack/react-router';
import { DoorFrame } from '../design/primitives/door-frame.tsx';

/** A screen broke: nothing that was sent or drafted is lost by it. */
export function Broken() {
  const { t } = useLingui();
  return (
    <DoorFrame title={t`This screen cannot be shown`}>
      <p>
        <Trans>
          A fault in the app stopped it. Your messages and drafts are kept. Load the page again; if it happens
          again, tell your administrator.
        </Trans>
      </p>
      <Button onClick={() => location.reload()}>
        <Trans>Load again</Trans>
      </Button>
    </DoorFrame>
  );
}

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
