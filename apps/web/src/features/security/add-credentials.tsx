import type { PreparedPassphrase, PreparedRecovery } from '@baton/client';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { PassphraseCard } from '../../design/credentials/passphrase-card.tsx';
import { RecoveryCard } from '../../design/credentials/recovery-card.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { type Action, useAction } from '../../design/session/use-action.ts';

export function AddPasskey() {
  const { t } = useLingui();
  const { security } = useSession();
  const [open, setOpen] = useState(false);
  const [signsInOnly, setSignsInOnly] = useState(false);
  const action = useAction();
  const add = (label: string): void => {
    void action
      .run(async () => {
        const { unlocks } = await security.addPasskey(label);
        setSignsInOnly(!unlocks);
      })
      .then((done) => done && setOpen(false));
  };
  return (
    <>
      <Button variant="light" onClick={() => setOpen(true)}>
        <Trans>Add a passkey</Trans>
      </Button>
      {signsInOnly && (
        <Notice tone="waiting">
          <Trans>
            This passkey signs you in, but cannot open your keys on a new device. Keep your passphrase or
            recovery words too.
          </Trans>
        </Notice>
      )}
      {open && (
        <Dialog title={t`Add a passkey`} onClose={() => setOpen(false)}>
          <OneField
            label={t`Name for this passkey`}
            description={t`For instance “My phone”.`}
            submit={t`Continue`}
            action={action}
            onSubmit={add}
          />
        </Dialog>
      )}
    </>
  );
}

export function AddPassphrase() {
  const { t } = useLingui();
  const { security } = useSession();
  const [open, setOpen] = useState(false);
  const [prepared, setPrepared] = useState<PreparedPassphrase | null>(null);
  const action = useAction();
  const close = (): void => {
    setOpen(false);
    setPrepared(null);
  };
  return (
    <>
      <Button variant="light" onClick={() => setOpen(true)}>
        <Trans>Make a passphrase</Trans>
      </Button>
      {open && (
        <Dialog title={t`Make a passphrase`} onClose={close}>
          {prepared === null ? (
            <OneField
              label={t`Sign-in name`}
              submit={t`Continue`}
              action={action}
              autoComplete="username"
              onSubmit={(login) =>
                void action.run(async () => setPrepared(await security.preparePassphrase(login)))
              }
            />
          ) : (
            <PassphraseCard
              {...prepared}
              busy={action.busy}
              failure={action.failure}
              onCode={(code) => void action.run(() => prepared.confirm(code)).then((done) => done && close())}
            />
          )}
        </Dialog>
      )}
    </>
  );
}

export function AddRecoveryWords({ again }: { readonly again: boolean }) {
  const { t } = useLingui();
  const { security } = useSession();
  const [open, setOpen] = useState(false);
  const [prepared, setPrepared] = useState<PreparedRecovery | null>(null);
  const action = useAction();
  const close = (): void => {
    setOpen(false);
    setPrepared(null);
  };
  return (
    <>
      <Button variant="light" onClick={() => setOpen(true)}>
        {again ? <Trans>Make new recovery words</Trans> : <Trans>Make recovery words</Trans>}
      </Button>
      {open && (
        <Dialog title={t`Recovery words`} onClose={close}>
          {prepared === null ? (
            <OneField
              label={t`Sign-in name`}
              submit={t`Continue`}
              action={action}
              autoComplete="username"
              onSubmit={(login) =>
                void action.run(async () => setPrepared(await security.prepareRecoveryWords(login)))
              }
            />
          ) : (
            <RecoveryCard
              words={prepared.words}
              busy={action.busy}
              failure={action.failure}
              onConfirm={(words) =>
                void action.run(() => prepared.confirm(words)).then((done) => done && close())
              }
            />
          )}
        </Dialog>
      )}
    </>
  );
}

function Dialog({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useLingui();
  return (
    <Modal
      opened
      size="lg"
      title={title}
      closeOnClickOutside={false}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {children}
    </Modal>
  );
}

function OneField({
  label,
  description,
  submit,
  autoComplete = 'off',
  action,
  onSubmit,
}: {
  readonly label: string;
  readonly description?: string;
  readonly submit: string;
  readonly autoComplete?: string;
  readonly action: Action;
  readonly onSubmit: (value: string) => void;
}) {
  const [value, setValue] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(value.trim());
      }}
    >
      <Stack gap="md">
        <TextInput
          data-autofocus
          label={label}
          description={description ?? null}
          autoComplete={autoComplete}
          maxLength={80}
          required
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end">
          <Button type="submit" loading={action.busy} disabled={value.trim() === ''}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
