import { Button, NativeSelect } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { tableTime } from '../../../design/words/time-words.ts';
import style from './alerts.module.css';

/** So many free times are offered: whoever needs a later one looks into the calendar. */
const OFFERED = 40;

/** Books one of the free times for the patient. */
export function SlotPicker({
  patient,
  reason,
  onBooked,
}: {
  readonly patient: string;
  readonly reason: string;
  readonly onBooked: (appointment: string) => void;
}) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const { established } = useLive(appointments.state);
  const slots = useLive(appointments.slots);
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const action = useAction();
  const [chosen, setChosen] = useState('');
  const free = slots
    .filter(({ state, start }) => state === 'free' && start > now)
    .sort((a, b) => a.start - b.start)
    .slice(0, OFFERED);
  if (!established || free.length === 0)
    return (
      <p className={style['line']}>
        <Trans>There are no free times here. Book the visit where your schedule is.</Trans>
      </p>
    );
  const book = async (): Promise<void> => {
    const slot = free.find(({ id }) => id === chosen) ?? free[0];
    if (!slot) return;
    const { start, end, timeZone, service, practitioner, location } = slot;
    const visit = { ref: patient, start, end, timeZone, service, practitioner, location };
    onBooked(
      await appointments.book({ ...visit, reason: reason.slice(0, 200), preparation: null, slot: slot.id }),
    );
  };
  return (
    <div className={style['slots']}>
      <NativeSelect
        size="sm"
        label={t`Free time`}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={free.map(({ id, start, practitioner, service }) => ({
          value: id,
          label: [tableTime(start, frame), service.text, practitioner?.text ?? '']
            .filter((part) => part !== '')
            .join(' · '),
        }))}
      />
      <Button size="sm" loading={action.busy} onClick={() => void action.run(book)}>
        <Trans>Book this time</Trans>
      </Button>
      <FailureNotice sentence={action.failure} />
    </div>
  );
}
