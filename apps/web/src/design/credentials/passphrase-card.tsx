import { Button, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { CopyField } from '../primitives/copy-field.tsx';
import { FailureNotice } from '../primitives/notice.tsx';
import style from './credentials.module.css';
import { QrCode } from './qr-code.tsx';

export interface PassphraseCardProps {
  readonly passphrase: string;
  /** otpauth:// address for the authenticator app. */
  readonly otpauth: string;
  /** Its secret in base32, for typing. */
  readonly secretText: string;
  readonly busy: boolean;
  readonly failure: string | null;
  readonly onCode: (code: string) => void;
}

/** A generated passphrase and the authenticator secret, shown once; a code from the app proves that both arrived. */
export function PassphraseCard({
  passphrase,
  otpauth,
  secretText,
  busy,
  failure,
  onCode,
}: PassphraseCardProps) {
  const { t } = useLingui();
  const [code, setCode] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onCode(code.replaceAll(/\s/g, ''));
      }}
    >
      <Stack gap="md">
        <CopyField label={t`Your passphrase: keep it in a password manager`} value={passphrase} />
        <div className={style['qr']}>
          <QrCode text={otpauth} label={t`QR code for your authenticator app`} />
          <div>
            <p>
              <Trans>Scan this with an authenticator app, or type its key:</Trans>
            </p>
            <code className={style['secret']}>{secretText.replaceAll(/(.{4})/g, '$1 ').trim()}</code>
          </div>
        </div>
        <TextInput
          label={t`Code from the app`}
          description={t`Six digits, to see that it works.`}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <FailureNotice sentence={failure} />
        <Button type="submit" size="md" loading={busy} disabled={code.trim() === ''}>
          <Trans>Confirm</Trans>
        </Button>
      </Stack>
    </form>
  );
}
