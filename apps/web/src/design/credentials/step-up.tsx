import type { SignInProof } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { FailureNotice } from '../primitives/notice.tsx';
import { readCode, readField } from '../primitives/read-field.ts';
import { useSession } from '../session/session-context.tsx';
import { StepUpContext } from '../session/step-up-context.ts';
import { useAction } from '../session/use-action.ts';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Where the server wants to know that it is really the person: asks, and lets the action go on. */
export function StepUpKeeper({ children }: { readonly children: ReactNode }) {
  const [asking, setAsking] = useState(false);
  const waiting = useRef<Waiting | null>(null);
  const prove = useCallback(
    () =>
      new Promise<void>((resolve, reject) => {
        waiting.current = { resolve, reject };
        setAsking(true);
      }),
    [],
  );
  const settle = (end: (waiting: Waiting) => void): void => {
    setAsking(false);
    if (waiting.current !== null) end(waiting.current);
    waiting.current = null;
  };
  return (
    <StepUpContext.Provider value={prove}>
      {children}
      {asking && (
        <StepUpDialog
          onProved={() => settle(({ resolve }) => resolve())}
          onClose={() => settle(({ reject }) => reject(new StepUpRefused()))}
        />
      )}
    </StepUpContext.Provider>
  );
}

/** The person closed the dialog: what was to be done is not done, with the catalogue's sentence for it. */
class StepUpRefused extends Error {
  readonly code = 'auth.step_up';
  readonly sentence = 'Confirm that it is you to do this.';
}

function StepUpDialog({
  onProved,
  onClose,
}: {
  readonly onProved: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { security } = useSession();
  const action = useAction();
  const prove = (proof: SignInProof): void => {
    void action.run(() => security.stepUp(proof)).then((done) => done && onProved());
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`Confirm that it is you`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <Stack gap="md">
        <Button loading={action.busy} onClick={() => prove({ kind: 'passkey' })}>
          <Trans>Use my passkey</Trans>
        </Button>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const data = new FormData(event.currentTarget);
            prove({
              kind: 'passphrase',
              login: readField(data, 'login'),
              passphrase: readField(data, 'passphrase'),
              totp: readCode(data, 'code'),
            });
          }}
        >
          <Stack gap="sm">
            <TextInput name="login" label={t`Sign-in name`} autoComplete="username" required />
            <PasswordInput
              name="passphrase"
              label={t`Passphrase`}
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
            <FailureNotice sentence={action.failure} />
            <Button type="submit" variant="default" loading={action.busy}>
              <Trans>Confirm with the passphrase</Trans>
            </Button>
          </Stack>
        </form>
      </Stack>
    </Modal>
  );
}
