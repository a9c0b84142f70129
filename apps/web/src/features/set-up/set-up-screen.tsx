import type { Session } from '@baton/client';
import type { Job } from '@baton/wire';
import { Button, Checkbox, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import {
  FirstCredentialSteps,
  type FirstCredentials,
} from '../../design/credentials/first-credential-steps.tsx';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { DoorFrame } from '../../design/primitives/door-frame.tsx';
import { Notice } from '../../design/primitives/notice.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useDoor } from '../../design/session/door-context.tsx';
import { clearFragment, readFragment } from '../../design/session/fragment.ts';
import { useAction } from '../../design/session/use-action.ts';

const ADMIN_JOBS: readonly Job[] = ['practice-manager', 'it-admin'];

interface Names {
  readonly orgName: string;
  readonly adminName: string;
  readonly jobs: readonly Job[];
}

/** First run: names, the first administrator's way in, and the three shares of the custodian key. */
export function SetUpScreen({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }) {
  const { t } = useLingui();
  const door = useDoor();
  const [token] = useState(readFragment);
  const [names, setNames] = useState<Names | null>(null);
  const [made, setMade] = useState<{ readonly session: Session; readonly shares: readonly string[] } | null>(
    null,
  );
  const action = useAction();
  usePageTitle(t`Set up`);

  const create = ({ orgName, adminName, jobs }: Names, chosen: FirstCredentials): void => {
    void action.run(async () => {
      const { session, custodianShares } = await door.setUpOrganisation({
        token,
        orgName,
        adminName,
        jobs,
        ...chosen,
      });
      clearFragment();
      setMade({ session, shares: custodianShares });
    });
  };
  if (made !== null) {
    return (
      <DoorFrame title={t`The custodian key`} wide>
        <CustodianShares shares={made.shares} onDone={() => onSignedIn(made.session)} />
      </DoorFrame>
    );
  }
  return (
    <DoorFrame title={t`Set up Baton`} wide>
      {token === '' && (
        <Notice tone="danger">
          <Trans>This address is not complete. Open the whole set-up link as it was printed.</Trans>
        </Notice>
      )}
      {names === null ? (
        <NamesForm disabled={token === ''} onDone={setNames} />
      ) : (
        <FirstCredentialSteps
          busy={action.busy}
          failure={action.failure}
          onDone={(chosen) => create(names, chosen)}
        />
      )}
    </DoorFrame>
  );
}

function NamesForm({
  disabled,
  onDone,
}: {
  readonly disabled: boolean;
  readonly onDone: (names: Names) => void;
}) {
  const { t } = useLingui();
  const [orgName, setOrgName] = useState('');
  const [adminName, setAdminName] = useState('');
  const [compliance, setCompliance] = useState(true);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onDone({
          orgName: orgName.trim(),
          adminName: adminName.trim(),
          jobs: compliance ? [...ADMIN_JOBS, 'compliance-officer'] : ADMIN_JOBS,
        });
      }}
    >
      <Stack gap="md">
        <p>
          <Trans>
            You are the first administrator. The keys of your organisation are made in this browser.
          </Trans>
        </p>
        <TextInput
          label={t`Name of your practice or hospital`}
          autoComplete="organization"
          required
          maxLength={120}
          value={orgName}
          onChange={(event) => setOrgName(event.currentTarget.value)}
        />
        <TextInput
          label={t`Your name, as colleagues know you`}
          autoComplete="name"
          required
          maxLength={120}
          value={adminName}
          onChange={(event) => setAdminName(event.currentTarget.value)}
        />
        <Checkbox
          label={t`I am the compliance officer too, for now`}
          description={t`May read the audit record. Nobody can change their own jobs later; another administrator can.`}
          checked={compliance}
          onChange={(event) => setCompliance(event.currentTarget.checked)}
        />
        <Button
          type="submit"
          size="md"
          disabled={disabled || orgName.trim() === '' || adminName.trim() === ''}
        >
          <Trans>Continue</Trans>
        </Button>
      </Stack>
    </form>
  );
}

function CustodianShares({
  shares,
  onDone,
}: {
  readonly shares: readonly string[];
  readonly onDone: () => void;
}) {
  const { t } = useLingui();
  const [given, setGiven] = useState(false);
  return (
    <Stack gap="md">
      <p>
        <Trans>
          The custodian key opens every conversation for legal disclosure. It is split in three; any two
          together make it. Give each share to a different person, on paper or in a password manager. They are
          shown only now.
        </Trans>
      </p>
      {shares.map((share, index) => {
        const number = index + 1;
        return <CopyField key={share} label={t`Share ${number}`} value={share} />;
      })}
      <Checkbox
        label={t`I have handed the three shares to three people`}
        checked={given}
        onChange={(event) => setGiven(event.currentTarget.checked)}
      />
      <Button size="md" disabled={!given} onClick={onDone}>
        <Trans>Open Baton</Trans>
      </Button>
    </Stack>
  );
}
