import type { Session, SignInProof } from '@baton/client';
import { Button, PasswordInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconFingerprint } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { DoorFrame } from '../../design/primitives/door-frame.tsx';
import { useLayout } from '../../design/primitives/layout.ts';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { readCode, readField } from '../../design/primitives/read-field.ts';
import { useDoor, useIsDemo } from '../../design/session/door-context.tsx';
import { useAction } from '../../design/session/use-action.ts';

type Way = 'passkey' | 'passphrase' | 'recovery';

export interface SignInScreenProps {
  readonly onSignedIn: (session: Session) => void;
  /** Why the person is here again: the sentence of a session that has ended. */
  readonly reason: string | null;
}

/** Three ways in. Everything can be pasted and filled by a password manager (WCAG 3.3.8). */
export function SignInScreen({ onSignedIn, reason }: SignInScreenProps) {
  const { t } = useLingui();
  const door = useDoor();
  const [way, setWay] = useState<Way>('passkey');
  const [passkeys, setPasskeys] = useState(true);
  const demo = useIsDemo();
  const action = useAction();
  // Three names side by side do not fit a phone in every language.
  const phone = useLayout() === 'phone';
  usePageTitle(t`Sign in`);

  useEffect(() => {
    let gone = false;
    door.passkeySupport().then(
      ({ available }) => {
        if (gone || available) return;
        setPasskeys(false);
        setWay((now) => (now === 'passkey' ? 'passphrase' : now));
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [door]);

  const enter = (proof: SignInProof): void => {
    void action.run(async () => onSignedIn(await door.signIn(proof)));
  };
  const ways = [
    ...(passkeys ? [{ value: 'passkey', label: t`Passkey` }] : []),
    { value: 'passphrase', label: t`Passphrase` },
    { value: 'recovery', label: t`Recovery words` },
  ];
  return (
    <DoorFrame title={t`Sign in`} wide>
      {reason !== null && <Notice tone="waiting">{reason}</Notice>}
      {demo && (
        <Notice tone="info">
          <Trans>
            This server runs the demo practice. Its sign-in links were printed where it was started; open one
            of them.
          </Trans>
        </Notice>
      )}
      <SegmentedControl
        fullWidth
        orientation={phone ? 'vertical' : 'horizontal'}
        aria-label={t`How to sign in`}
        value={way}
        onChange={(value) => {
          action.clear();
          setWay(value as Way);
        }}
        data={ways}
      />
      {way === 'passkey' && <PasskeyForm busy={action.busy} onEnter={enter} />}
      {way === 'passphrase' && <PassphraseForm busy={action.busy} onEnter={enter} />}
      {way === 'recovery' && <RecoveryForm busy={action.busy} onEnter={enter} />}
      <FailureNotice sentence={action.failure} />
    </DoorFrame>
  );
}

interface FormProps {
  readonly busy: boolean;
  readonly onEnter: (proof: SignInProof) => void;
}

function PasskeyForm({ busy, onEnter }: FormProps) {
  return (
    <Stack gap="sm">
      <p>
        <Trans>Use your fingerprint, face, screen lock or security key.</Trans>
      </p>
      <Button
        size="md"
        loading={busy}
        leftSection={<IconFingerprint size={20} stroke={1.7} aria-hidden="true" />}
        onClick={() => onEnter({ kind: 'passkey' })}
      >
        <Trans>Sign in with a passkey</Trans>
      </Button>
    </Stack>
  );
}

function SubmitForm({
  busy,
  onSubmit,
  children,
}: {
  readonly busy: boolean;
  readonly onSubmit: (data: FormData) => void;
  readonly children: ReactNode;
}) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget));
      }}
    >
      <Stack gap="sm">
        {children}
        <Button type="submit" size="md" loading={busy}>
          <Trans>Sign in</Trans>
        </Button>
      </Stack>
    </form>
  );
}

function PassphraseForm({ busy, onEnter }: FormProps) {
  const { t } = useLingui();
  return (
    <SubmitForm
      busy={busy}
      onSubmit={(data) =>
        onEnter({
          kind: 'passphrase',
          login: readField(data, 'login'),
          passphrase: readField(data, 'passphrase'),
          totp: readCode(data, 'code'),
        })
      }
    >
      <TextInput
        name="login"
        label={t`Sign-in name`}
        autoComplete="username"
        autoCapitalize="none"
        required
      />
      <PasswordInput
        name="passphrase"
        label={t`Passphrase`}
        description={t`The words that you were given, with spaces between them.`}
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the passphrase` }}
        required
      />
      <TextInput
        name="code"
        label={t`Code from your authenticator app`}
        autoComplete="one-time-code"
        inputMode="numeric"
        required
      />
    </SubmitForm>
  );
}

function RecoveryForm({ busy, onEnter }: FormProps) {
  const { t } = useLingui();
  return (
    <SubmitForm
      busy={busy}
      onSubmit={(data) =>
        onEnter({ kind: 'recovery', login: readField(data, 'login'), words: readField(data, 'words') })
      }
    >
      <TextInput
        name="login"
        label={t`Sign-in name`}
        autoComplete="username"
        autoCapitalize="none"
        required
      />
      <Textarea
        name="words"
        label={t`Your twelve recovery words`}
        description={t`In their order, with spaces between them.`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        autosize
        minRows={2}
        required
      />
      <Text size="sm" c="dimmed">
        <Trans>No words either? Ask your administrator for a new invitation.</Trans>
      </Text>
    </SubmitForm>
  );
}
