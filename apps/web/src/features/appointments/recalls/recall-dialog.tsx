import type { Recall } from '@baton/wire';
import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import style from '../appointments.module.css';
import { ServiceField } from '../book/service-field.tsx';
import { TextPair } from '../reminders/text-pair.tsx';
import { OverdueList } from './overdue-list.tsx';

/** Words of a recall: who is meant, what they are told, how many a day; and, as it is typed, whom it would reach. */
export function RecallDialog({
  recall,
  onClose,
}: {
  readonly recall: Recall | null;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { appointments, me } = useSession();
  const { account } = useLive(me);
  const now = useNow();
  const action = useAction();
  const [draft, setDraft] = useState<Recall>(
    () => recall ?? newRecall({ id: appointments.newId(), by: account, createdAt: now }),
  );
  const change = (part: Partial<Recall>): void => setDraft({ ...draft, ...part });
  const found = draft.service.text.trim() === '' ? [] : appointments.overdue(draft);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void action
      .run(() => appointments.saveRecall({ ...draft, name: draft.name.trim() }))
      .then((done) => done && onClose());
  };
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={recall === null ? t`New recall` : t`Change the recall`}
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
          <ServiceField
            value={draft.service.text}
            onChange={(text) => change({ service: { code: null, text } })}
          />
          <div className={style['pair']}>
            <NumberInput
              label={t`No such visit for days`}
              min={1}
              max={3650}
              value={draft.overdueDays}
              onChange={(value) => change({ overdueDays: Math.max(1, Number(value)) })}
            />
            <NumberInput
              label={t`Messages a day at most`}
              min={1}
              max={500}
              value={draft.perDay}
              onChange={(value) => change({ perDay: Math.max(1, Number(value)) })}
            />
          </div>
          <TextPair
            label={t`What patients are told`}
            kind="page"
            value={draft.text}
            most={1200}
            onChange={(text) => change({ text })}
          />
          <p role="status">
            <b>
              {plural(found.length, {
                one: '# patient would be reached.',
                other: '# patients would be reached.',
              })}
            </b>
          </p>
          {found.length > 0 && <OverdueList patients={found} />}
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button
              type="submit"
              loading={action.busy}
              disabled={draft.name.trim() === '' || draft.service.text.trim() === ''}
            >
              <Trans>Save, do not start</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function newRecall(own: Pick<Recall, 'id' | 'by' | 'createdAt'>): Recall {
  return {
    t: 'recall',
    ...own,
    name: '',
    service: { code: null, text: '' },
    overdueDays: 365,
    text: {
      en: 'Hi {given}. It is time for your next visit with us. Reply R to choose a time, or X if you do not need one. Questions? Call {phone}.',
      es: 'Hola, {given}. Es hora de su próxima cita. Responda R para elegir una hora o X si no la necesita. ¿Preguntas? Llame al {phone}.',
    },
    perDay: 20,
    state: 'draft',
    reached: [],
  };
}
