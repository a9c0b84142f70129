import type { Session } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { AfterDelay } from '../../design/primitives/after-delay.tsx';
import { DoorFrame } from '../../design/primitives/door-frame.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useDoor } from '../../design/session/door-context.tsx';
import { takeFragment } from '../../design/session/fragment.ts';
import { useAction } from '../../design/session/use-action.ts';

/** A demo link signs in at once. Its secret leaves the address bar before anything else happens. */
export function DemoLinkScreen({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }) {
  const { t } = useLingui();
  const door = useDoor();
  const { run, failure } = useAction();
  const begun = useRef(false);
  usePageTitle(t`Demo`);

  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const fragment = takeFragment();
    void run(async () => onSignedIn(await door.signIn({ kind: 'demo', fragment })));
  }, [door, run, onSignedIn]);

  return (
    <DoorFrame title={t`Demo practice`}>
      <FailureNotice sentence={failure} />
      {failure === null ? (
        <AfterDelay>
          <p role="status">
            <Trans>Signing you in and opening your messages…</Trans>
          </p>
        </AfterDelay>
      ) : (
        <p>
          <Trans>Open one of the links that were printed where the demo was started.</Trans>
        </p>
      )}
    </DoorFrame>
  );
}
