import type { InvitationPreview, Session } from '@baton/client';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { FirstCredentialSteps } from '../../design/credentials/first-credential-steps.tsx';
import { AfterDelay } from '../../design/primitives/after-delay.tsx';
import { DoorFrame } from '../../design/primitives/door-frame.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useDoor } from '../../design/session/door-context.tsx';
import { clearFragment, readFragment } from '../../design/session/fragment.ts';
import { useAction } from '../../design/session/use-action.ts';
import { JOB_NAMES } from '../../design/words/job-words.ts';

/**
 * Joining by invitation. The link's secret stays behind the # until it is used up, so that a reload in between loses nothing; then it
 * leaves the address bar.
 */
export function JoinScreen({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }) {
  const { t } = useLingui();
  const door = useDoor();
  const [fragment] = useState(readFragment);
  const [preview, setPreview] = useState<InvitationPreview | null>(null);
  const [accepted, setAccepted] = useState(false);
  const { run: look, failure: unknown } = useAction();
  const claim = useAction();
  usePageTitle(t`Join`);
  useEffect(() => {
    void look(async () => setPreview(await door.previewInvitation(fragment)));
  }, [door, look, fragment]);

  const org = preview?.orgName ?? '';
  if (preview !== null && accepted) {
    return (
      <DoorFrame title={t`Join ${org}`} wide>
        <FirstCredentialSteps
          busy={claim.busy}
          failure={claim.failure}
          onDone={(chosen) => {
            void claim.run(async () => {
              const session = await door.claimInvitation({ fragment, ...chosen });
              clearFragment();
              onSignedIn(session);
            });
          }}
        />
      </DoorFrame>
    );
  }
  return (
    <DoorFrame title={preview === null ? t`Invitation` : t`Join ${org}`}>
      {unknown !== null && (
        <>
          <FailureNotice sentence={unknown} />
          <p>
            <Trans>Check that the whole link was opened, or ask for a new invitation.</Trans>
          </p>
        </>
      )}
      {preview === null && unknown === null && (
        <AfterDelay>
          <p role="status">
            <Trans>Checking the invitation…</Trans>
          </p>
        </AfterDelay>
      )}
      {preview !== null && <Preview preview={preview} onAccept={() => setAccepted(true)} />}
    </DoorFrame>
  );
}

function Preview({
  preview,
  onAccept,
}: {
  readonly preview: InvitationPreview;
  readonly onAccept: () => void;
}) {
  const { i18n } = useLingui();
  const { name, orgName, jobs } = preview;
  const work = jobs.map((job) => i18n._(JOB_NAMES[job])).join(', ');
  if (preview.claimed) {
    return (
      <Notice tone="danger">
        <Trans>This invitation was used already. If that was not you, tell your administrator now.</Trans>
      </Notice>
    );
  }
  if (preview.expired) {
    return (
      <Notice tone="waiting">
        <Trans>This invitation has expired. Ask your administrator for a new one.</Trans>
      </Notice>
    );
  }
  return (
    <>
      <p>
        {name === null ? (
          <Trans>
            {orgName} invites you as {work}.
          </Trans>
        ) : (
          <Trans>
            {orgName} invites <b>{name}</b> as {work}.
          </Trans>
        )}
      </p>
      {preview.replacesKeys && (
        <Notice tone="waiting">
          <Trans>
            This account exists and gets new keys on this device. Your colleagues will see the change.
          </Trans>
        </Notice>
      )}
      <p>
        <Trans>Your keys are made on this device and never leave it unsealed.</Trans>
      </p>
      <Button size="md" onClick={onAccept}>
        <Trans>Accept and continue</Trans>
      </Button>
    </>
  );
}
