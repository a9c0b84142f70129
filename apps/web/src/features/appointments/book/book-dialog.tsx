import type { Visit } from '@baton/client';
import type { Appointment, Slot } from '@baton/wire';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import style from '../appointments.module.css';
import { type ChosenPatient, PatientChoice } from '../patient-choice.tsx';
import type { OfferUndo } from '../undo-line.tsx';
import { usePractice } from '../use-practice.ts';
import { ServiceField } from './service-field.tsx';
import { ShareField } from './share-field.tsx';
import { SlotChoice } from './slot-choice.tsx';
import { readTimes, type TimesDraft, TimesFields, timesOfVisit } from './times-fields.tsx';

export interface BookDialogProps {
  /** Visit that is moved; without it a new one is booked. */
  readonly moved?: Visit;
  readonly patient?: ChosenPatient;
  readonly slot?: Slot;
  readonly onClose: () => void;
  readonly onBooked?: (id: string, start: number) => void;
  readonly onMoved?: OfferUndo;
}

/** Books or moves a visit: into a free time, which nobody else gets then, or at any other. */
export function BookDialog(props: BookDialogProps) {
  const { moved, onClose } = props;
  const { t } = useLingui();
  const { appointments } = useSession();
  const { timeZone } = usePractice();
  const action = useAction();
  const now = useNow();
  const save = useSave(props);
  const preparations = useLive(appointments.preparations);
  const visit = moved?.appointment ?? null;
  const [patient, setPatient] = useState<ChosenPatient | null>(props.patient ?? null);
  const [service, setService] = useState(visit?.service.text ?? props.slot?.service.text ?? '');
  const [slot, setSlot] = useState<string | null>(props.slot?.id ?? null);
  const [times, setTimes] = useState<TimesDraft>(() => timesOfVisit(visit, { now, timeZone }));
  const [reason, setReason] = useState('');
  const [shareable, setShareable] = useState(visit?.shareable ?? false);
  const ref = patient?.ref ?? visit?.ref ?? null;
  const read = readTimes(times, visit?.timeZone ?? timeZone);
  const isReady =
    (visit !== null || patient !== null) && service.trim() !== '' && (slot !== null || read !== null);

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void action
      .run(() => save({ patient, service, slot, read, reason, shareable }))
      .then((done) => done && onClose());
  };
  const ridesAlong = preparations.filter(
    (one) => one.active && one.service?.trim().toLowerCase() === service.trim().toLowerCase(),
  );
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={visit === null ? t`Book a visit` : t`Move the visit`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {visit === null ? (
            <PatientChoice
              label={t`Patient`}
              patient={patient}
              focusFirst={!props.patient}
              onChange={setPatient}
            />
          ) : (
            <p>
              <b>{moved?.patient ?? t`Patient not known here`}</b> · {visit.service.text}
            </p>
          )}
          {visit === null && props.slot === undefined && (
            <ServiceField
              value={service}
              onChange={(text) => {
                setService(text);
                setSlot(null);
              }}
            />
          )}
          <SlotChoice service={service} chosen={slot} patientRef={ref} onChange={setSlot} />
          {slot === null && <TimesFields draft={times} onChange={setTimes} />}
          {visit === null && (
            <TextInput
              label={t`Reason, for staff only`}
              description={t`Never in a text.`}
              maxLength={300}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {ref !== null && appointments.hasPrivacy(ref) && (
            <ShareField shareable={shareable} onChange={setShareable} />
          )}
          {ridesAlong.length > 0 && (
            <p className={style['quiet']}>
              {t`Rides along with the reminders: ${ridesAlong.map(({ name }) => name).join(', ')}.`}
            </p>
          )}
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={action.busy} disabled={!isReady}>
              {visit === null ? <Trans>Book</Trans> : <Trans>Move</Trans>}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface Wish {
  readonly patient: ChosenPatient | null;
  readonly service: string;
  readonly slot: string | null;
  readonly read: ReturnType<typeof readTimes>;
  readonly reason: string;
  readonly shareable: boolean;
}

function useSave({ moved, onBooked, onMoved }: BookDialogProps): (wish: Wish) => Promise<void> {
  const { t } = useLingui();
  const { appointments } = useSession();
  const { timeZone } = usePractice();
  const move = async (visit: Appointment, { slot, read, shareable }: Wish): Promise<void> => {
    const privacy = shareable === (visit.shareable ?? false) ? {} : { shareable };
    if (slot !== null) await appointments.change(visit.id, { slot, ...privacy });
    else if (read !== null) await appointments.change(visit.id, { ...read, ...privacy });
    const { id, start, end, slot: before, location, practitioner } = visit;
    onMoved?.(t`Moved. What was planned to be said is planned anew.`, () =>
      appointments.change(id, before === null ? { start, end, location, practitioner } : { slot: before }),
    );
  };
  const book = async ({ patient, service, slot, read, reason, shareable }: Wish): Promise<void> => {
    const found = appointments.slots.read().find(({ id }) => id === slot) ?? null;
    const times = found ?? read;
    if (times === null) return;
    const id = await appointments.book({
      ref: patient?.ref ?? null,
      start: times.start,
      end: times.end,
      timeZone: found?.timeZone ?? timeZone,
      service: found?.service ?? { code: null, text: service.trim() },
      practitioner: times.practitioner,
      location: times.location,
      reason: reason.trim() === '' ? null : reason.trim(),
      preparation: null,
      slot,
      ...(shareable && { shareable }),
    });
    onBooked?.(id, times.start);
  };
  return (wish) => (moved ? move(moved.appointment, wish) : book(wish));
}
