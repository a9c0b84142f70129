import type { Agents } from '@baton/client';
import { type AccountId, decodeBase64Url } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { AccessFields, DUTY_WISH, NO_WISH, type Wish, wishManifest } from './access-fields.tsx';

const DIGEST_BYTES = 32;
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
  const { t, i18n } = useLingui();
  const { agents, directory, me } = useSession();
  const self = useLive(me).account;
  const people = useLive(directory.people)
    .filter(({ kind, active }) => kind === 'person' && active)
    .toSorted((a, b) => a.name.localeCompare(b.name, i18n.locale));
  const [name, setName] = useState(t`Duty assistant`);
  const [program, setProgram] = useState('duty');
  const [wish, setWish] = useState<Wish>(DUTY_WISH);
  const [digest, setDigest] = useState('');
  const [responsible, setResponsible] = useState<AccountId>(self);
  const action = useAction();
  const code = decodeBase64Url(digest.trim());
  const hasDigest = code !== null && code.length === DIGEST_BYTES;
  const manifest: Parameters<Agents['invite']>[0]['manifest'] | null =
    hasDigest && NAME.test(program) ? wishManifest(wish, { program, code, responsible }) : null;
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
        <TextInput
          label={t`Code digest`}
          description={t`As the station says it: npm run station -- agent digest ${program}`}
          required
          autoComplete="off"
          spellCheck={false}
          error={digest !== '' && !hasDigest ? t`That is no code digest. It has 43 characters.` : null}
          value={digest}
          onChange={(event) => setDigest(event.currentTarget.value)}
        />
        <NativeSelect
          label={t`Answers for it`}
          value={responsible}
          onChange={(event) => {
            const person = people.find(({ id }) => id === event.currentTarget.value);
            if (person !== undefined) setResponsible(person.id);
          }}
          data={people.map((person) => ({ value: person.id as string, label: person.name }))}
        />
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
