import type { Agents } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { AccessFields, DUTY_WISH, NO_WISH, type Wish, wishManifest } from './access-fields.tsx';
import { CodeField, parseDigest } from './code-field.tsx';
import { ResponsibleField } from './responsible-field.tsx';

const NAME = /^[a-z][a-z0-9-]{1,39}$/;

/** Name, program, what it may do and who answers for it; then a link for the station, once. */
export function InviteAgent({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const session = useSession();
  const canEnrol = useLive(session.people.canEnrol);
  const [link, setLink] = useState<string | null>(null);
  return (
    <Modal
      opened
      size="lg"
      closeOnClickOutside={false}
      title={link === null ? t`Invite an assistant` : t`Take it in on the station`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {!canEnrol && (
        <Notice tone="waiting">
          <Trans>
            This account does not hold the enrolment key, so it cannot invite. Ask the administrator who set
            up your organisation.
          </Trans>
        </Notice>
      )}
      {canEnrol && link === null && <InviteForm onLink={setLink} onClose={onClose} />}
      {link !== null && (
        <Stack gap="md">
          <p>
            <Trans>
              Run this on the station. The assistant's keys are made there and never leave it. The link is
              shown only now, and works once.
            </Trans>
          </p>
          <CopyField label={t`Command`} value={`npm run station -- agent add '${link}'`} />
          <Button onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </Stack>
      )}
    </Modal>
  );
}

function InviteForm({
  onLink,
  onClose,
}: {
  readonly onLink: (link: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { agents, me } = useSession();
  const self = useLive(me).account;
  const [name, setName] = useState(t`Duty assistant`);
  const [program, setProgram] = useState('duty');
  const [wish, setWish] = useState<Wish>(DUTY_WISH);
  const [digest, setDigest] = useState('');
  const [responsible, setResponsible] = useState<AccountId>(self);
  const action = useAction();
  const code = parseDigest(digest);
  const manifest: Parameters<Agents['invite']>[0]['manifest'] | null =
    code !== null && NAME.test(program) ? wishManifest(wish, { program, code, responsible }) : null;
  const invite = (): void => {
    if (manifest === null) return;
    void action.run(async () => onLink((await agents.invite({ name: name.trim(), manifest })).link));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        invite();
      }}
    >
      <Stack gap="md">
        <TextInput
          data-autofocus
          label={t`Name, as everybody sees it`}
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t`Program on the station`}
          description={t`“duty” makes shift changes as the signed schedule says.`}
          required
          maxLength={40}
          error={program !== '' && !NAME.test(program) ? t`Small letters, digits and hyphens.` : null}
          value={program}
          onChange={(event) => {
            const next = event.currentTarget.value.trim();
            if (next === 'duty') setWish(DUTY_WISH);
            else if (program === 'duty') setWish(NO_WISH);
            setProgram(next);
          }}
        />
        {program !== 'duty' && <AccessFields wish={wish} onChange={setWish} />}
        <CodeField program={program} value={digest} onChange={setDigest} />
        <ResponsibleField value={responsible} onChange={setResponsible} />
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" disabled={manifest === null || name.trim() === ''} loading={action.busy}>
            <Trans>Make the invitation</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
