import type { FirstCredential } from '@baton/client';
import { Button, Radio, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { useDoor } from '../session/door-context.tsx';
import { PassphraseCard } from './passphrase-card.tsx';
import { RecoveryCard } from './recovery-card.tsx';

export interface FirstCredentials {
  readonly credential: FirstCredential;
  readonly recovery: { readonly login: string; readonly words: readonly string[] };
}

export interface FirstCredentialStepsProps {
  readonly busy: boolean;
  readonly failure: string | null;
  readonly onDone: (chosen: FirstCredentials) => void;
}

type Step =
  | { readonly name: 'choose' }
  | {
      readonly name: 'passphrase';
      readonly login: string;
      readonly made: { readonly passphrase: string; readonly totpSecret: string; readonly otpauth: string };
    }
  | {
      readonly name: 'recovery';
      readonly login: string;
      readonly credential: FirstCredential;
      readonly words: readonly string[];
    };

/** What a new account needs on its first device: a way to sign in, and words for the day when the device is lost. */
export function FirstCredentialSteps({ busy, failure, onDone }: FirstCredentialStepsProps) {
  const { t } = useLingui();
  const door = useDoor();
  const [step, setStep] = useState<Step>({ name: 'choose' });
  const toRecovery = (login: string, credential: FirstCredential): void =>
    setStep({ name: 'recovery', login, credential, words: door.generateRecoveryWords() });

  switch (step.name) {
    case 'choose':
      return (
        <ChooseWay
          onChoose={(login, way) => {
            if (way === 'passkey') toRecovery(login, { kind: 'passkey', label: t`First device` });
            else setStep({ name: 'passphrase', login, made: door.generatePassphrase(login) });
          }}
        />
      );
    case 'passphrase': {
      const { login, made } = step;
      return (
        <PassphraseCard
          passphrase={made.passphrase}
          otpauth={made.otpauth}
          secretText={made.totpSecret}
          busy={false}
          failure={null}
          onCode={(code) =>
            toRecovery(login, {
              kind: 'passphrase',
              login,
              prepared: { passphrase: made.passphrase, totpSecret: made.totpSecret, code },
            })
          }
        />
      );
    }
    case 'recovery': {
      const { login, credential, words } = step;
      return (
        <RecoveryCard
          words={words}
          busy={busy}
          failure={failure}
          onConfirm={() => onDone({ credential, recovery: { login, words } })}
        />
      );
    }
  }
}

type Way = 'passkey' | 'passphrase';

function ChooseWay({ onChoose }: { readonly onChoose: (login: string, way: Way) => void }) {
  const { t } = useLingui();
  const door = useDoor();
  const [login, setLogin] = useState('');
  const [way, setWay] = useState<Way>('passphrase');
  const [passkeys, setPasskeys] = useState(false);
  useEffect(() => {
    let gone = false;
    door.passkeySupport().then(
      ({ available }) => {
        if (gone || !available) return;
        setPasskeys(true);
        setWay('passkey');
      },
      // Without an answer the passphrase remains.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [door]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(login.trim(), way);
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t`Sign-in name`}
          description={t`For instance your work e-mail address. Colleagues do not see it.`}
          autoComplete="username"
          autoCapitalize="none"
          required
          maxLength={120}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <Radio.Group label={t`How you will sign in`} value={way} onChange={(value) => setWay(value)}>
          <Stack gap="sm" mt="xs">
            <Radio
              value="passkey"
              disabled={!passkeys}
              label={t`Passkey (recommended)`}
              description={
                passkeys
                  ? t`Your fingerprint, face, screen lock or security key.`
                  : t`This browser has no passkeys.`
              }
            />
            <Radio
              value="passphrase"
              label={t`Passphrase and code`}
              description={t`Words that are made for you, and a code from an authenticator app.`}
            />
          </Stack>
        </Radio.Group>
        <Button type="submit" size="md" disabled={login.trim() === ''}>
          <Trans>Continue</Trans>
        </Button>
      </Stack>
    </form>
  );
}
