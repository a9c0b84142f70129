import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { Page } from '../../design/primitives/pane.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { Credentials } from './credentials.tsx';
import { Devices } from './devices.tsx';

/** Devices, ways to sign in, recovery. */
export function SecurityScreen() {
  const { t } = useLingui();
  const { security } = useSession();
  const { run, failure } = useAction();
  usePageTitle(t`Security`);
  useEffect(() => {
    void run(() => security.refresh());
  }, [run, security]);
  return (
    <Page
      title={t`Security`}
      summary={<Trans>Your devices, the ways you sign in, and what helps when they are lost.</Trans>}
    >
      <FailureNotice sentence={failure} />
      <Devices />
      <Credentials />
    </Page>
  );
}
