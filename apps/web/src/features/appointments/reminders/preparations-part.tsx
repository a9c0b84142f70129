import type { Preparation } from '@baton/wire';
import { Button, Group, Modal, Stack, Switch, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconPlus } from '@tabler/icons-react';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import style from '../appointments.module.css';
import { ServiceField } from '../book/service-field.tsx';
import { TextPair } from './text-pair.tsx';

/** What patients should know or do before a visit of a service. */
export function PreparationsPart() {
  const { t } = useLingui();
  const { appointments } = useSession();
  const preparations = useLive(appointments.preparations);
  const [editing, setEditing] = useState<Preparation | null>(null);
  return (
    <>
      {preparations.length > 0 && (
        <ul className={style['list']}>
          {preparations.map((one) => (
            <li key={one.id} className={style['line-row']}>
              <span className={style['grow']}>
                <b data-off={!one.active || undefined}>{one.name}</b>
                <span className={style['sub']}>
                  {one.service ?? t`only where a visit names it`}
                  {!one.active && ` · ${t`not in use`}`} · {one.text.en}
                </span>
              </span>
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={t`Change ${one.name}`}
                onClick={() => setEditing(one)}
              >
                <Trans>Change</Trans>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Button
        mt="xs"
        variant="subtle"
        leftSection={<IconPlus size={17} stroke={1.8} aria-hidden="true" />}
        onClick={() =>
          setEditing({
            t: 'preparation',
            id: appointments.newId(),
            name: '',
            service: '',
            text: { en: '', es: '' },
            active: true,
          })
        }
      >
        <Trans>Add instructions</Trans>
      </Button>
      {editing !== null && (
        <PreparationDialog key={editing.id} preparation={editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

function PreparationDialog({
  preparation,
  onClose,
}: {
  readonly preparation: Preparation;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const action = useAction();
  const [draft, setDraft] = useState(preparation);
  const change = (part: Partial<Preparation>): void => setDraft({ ...draft, ...part });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const service = draft.service?.trim() ?? '';
    void action
      .run(() =>
        appointments.savePreparation({
          ...draft,
          name: draft.name.trim(),
          service: service === '' ? null : service,
        }),
      )
      .then((done) => done && onClose());
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t`Instructions for a service`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t`Name, for staff`}
            required
            maxLength={120}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <ServiceField value={draft.service ?? ''} onChange={(service) => change({ service })} />
          <TextPair
            label={t`What patients read with the reminder`}
            description={t`On the page only, never in a text.`}
            kind="page"
            value={draft.text}
            most={2000}
            onChange={(text) => change({ text })}
          />
          <Switch
            label={t`In use`}
            checked={draft.active}
            onChange={(event) => change({ active: event.currentTarget.checked })}
          />
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={action.busy} disabled={draft.name.trim() === ''}>
              <Trans>Save</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
