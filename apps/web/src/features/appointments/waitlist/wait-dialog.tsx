import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import style from '../appointments.module.css';
import { ServiceField } from '../book/service-field.tsx';
import { type ChosenPatient, PatientChoice } from '../patient-choice.tsx';
import { usePractice } from '../use-practice.ts';
import { dayOfText, midnightOf } from '../visits/day-span.ts';
import { whenWords } from '../visits/when-words.ts';

const ORDINARY = 5;

/** Puts a patient on the waitlist. */
export function WaitDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const { timeZone } = usePractice();
  const action = useAction();
  const [patient, setPatient] = useState<ChosenPatient | null>(null);
  const [service, setService] = useState('');
  const [practitioner, setPractitioner] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [priority, setPriority] = useState(ORDINARY);
  const [givesUp, setGivesUp] = useState<string | null>(null);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (patient === null) return;
    const [firstDay, lastDay] = [dayOfText(from), dayOfText(until)];
    void action
      .run(() =>
        appointments.wait({
          ref: patient.ref,
          service: { code: null, text: service.trim() },
          practitioner: practitioner.trim() === '' ? null : { code: null, text: practitioner.trim() },
          from: firstDay === null ? null : midnightOf(firstDay, timeZone),
          until: lastDay === null ? null : midnightOf(lastDay + 1, timeZone) - 1,
          priority,
          appointment: givesUp,
        }),
      )
      .then((done) => done && onClose());
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`Add to the waitlist`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <PatientChoice label={t`Patient`} patient={patient} focusFirst onChange={setPatient} />
          <ServiceField value={service} onChange={setService} />
          <TextInput
            label={t`Only with`}
            description={t`Empty: with anybody.`}
            maxLength={160}
            value={practitioner}
            onChange={(event) => setPractitioner(event.currentTarget.value)}
          />
          <div className={style['pair']}>
            <TextInput
              type="date"
              label={t`Not before`}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t`Not after`}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          </div>
          <NativeSelect
            label={t`Asked`}
            value={String(priority)}
            onChange={(event) => setPriority(Number(event.currentTarget.value))}
            data={[
              { value: '0', label: t`first` },
              { value: '5', label: t`in turn` },
              { value: '9', label: t`last` },
            ]}
          />
          {patient !== null && <GivesUp patient={patient.ref} chosen={givesUp} onChange={setGivesUp} />}
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={action.busy} disabled={patient === null || service.trim() === ''}>
              <Trans>Add</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Visits to come of the patient, one of which is given up when an earlier time is found. */
function GivesUp({
  patient,
  chosen,
  onChange,
}: {
  readonly patient: string;
  readonly chosen: string | null;
  readonly onChange: (appointment: string | null) => void;
}) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const { frame } = usePractice();
  const now = useNow();
  const coming = appointments
    .of(patient)
    .read()
    .filter(({ appointment }) => appointment.status === 'booked' && appointment.start > now);
  if (coming.length === 0) return null;
  return (
    <fieldset className={style['plain-set']}>
      <legend>{t`Visit that is given up for an earlier time`}</legend>
      {coming.map(({ appointment }) => (
        <Checkbox
          key={appointment.id}
          label={`${whenWords(appointment.start, now, frame)} · ${appointment.service.text}`}
          checked={chosen === appointment.id}
          onChange={(event) => onChange(event.currentTarget.checked ? appointment.id : null)}
        />
      ))}
    </fieldset>
  );
}
