import { Button, Checkbox, Group, Modal, NumberInput, Progress, Stack, TextInput } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import style from '../appointments.module.css';
import { ServiceField } from '../book/service-field.tsx';
import { usePractice } from '../use-practice.ts';
import { dayAt, dayOfText, dayText, minuteOfText, minuteText } from '../visits/day-span.ts';
import { makeSlots, MOST_SLOTS } from './make-slots.ts';

/** A Monday: names of weekdays are said by it. */
const MONDAY = Date.UTC(2024, 0, 1);

export function AddSlotsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useLingui();
  const { appointments } = useSession();
  const { timeZone } = usePractice();
  const now = useNow();
  const action = useAction();
  const [progress, setProgress] = useState<number | null>(null);
  const [service, setService] = useState('');
  const [practitioner, setPractitioner] = useState('');
  const [location, setLocation] = useState('');
  const [first, setFirst] = useState(() => dayText(dayAt(now, timeZone) + 1));
  const [last, setLast] = useState(first);
  const [weekdays, setWeekdays] = useState<readonly number[]>([1, 2, 3, 4, 5]);
  const [from, setFrom] = useState(minuteText(9 * 60));
  const [until, setUntil] = useState(minuteText(12 * 60));
  const [minutes, setMinutes] = useState(30);
  const [firstDay, lastDay] = [dayOfText(first), dayOfText(last)];
  const isDay = firstDay !== null && firstDay === lastDay;
  const made =
    firstDay === null || lastDay === null
      ? []
      : makeSlots({
          firstDay,
          lastDay,
          // One day is meant, whichever weekday it is.
          weekdays: isDay ? [1, 2, 3, 4, 5, 6, 7] : weekdays,
          from: minuteOfText(from) ?? 0,
          until: minuteOfText(until) ?? 0,
          minutes,
          timeZone,
        });
  const count = made.length;
  const dayName = new Intl.DateTimeFormat(i18n.locale, { weekday: 'short', timeZone: 'UTC' });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void action
      .run(async () => {
        for (const [index, times] of made.entries()) {
          setProgress((100 * index) / count);
          await appointments.saveSlot({
            t: 'slot',
            id: appointments.newId(),
            ...times,
            timeZone,
            service: { code: null, text: service.trim() },
            practitioner: practitioner.trim() === '' ? null : { code: null, text: practitioner.trim() },
            location: location.trim() === '' ? null : location.trim(),
            state: 'free',
            holder: null,
            updatedAt: now,
          });
        }
      })
      .then((done) => {
        setProgress(null);
        if (done) onClose();
      });
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t`Add free times`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <ServiceField value={service} onChange={setService} />
          <div className={style['pair']}>
            <TextInput
              label={t`With`}
              maxLength={160}
              value={practitioner}
              onChange={(event) => setPractitioner(event.currentTarget.value)}
            />
            <TextInput
              label={t`Where`}
              maxLength={200}
              value={location}
              onChange={(event) => setLocation(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t`First day`}
              required
              value={first}
              onChange={(event) => setFirst(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t`Last day`}
              required
              value={last}
              onChange={(event) => setLast(event.currentTarget.value)}
            />
          </div>
          {!isDay && (
            <fieldset className={style['plain-set']}>
              <legend>{t`On these days`}</legend>
              <Group gap="md">
                {[1, 2, 3, 4, 5, 6, 7].map((day) => (
                  <Checkbox
                    key={day}
                    label={dayName.format(MONDAY + (day - 1) * 86_400_000)}
                    checked={weekdays.includes(day)}
                    onChange={(event) =>
                      setWeekdays(
                        event.currentTarget.checked
                          ? [...weekdays, day]
                          : weekdays.filter((one) => one !== day),
                      )
                    }
                  />
                ))}
              </Group>
            </fieldset>
          )}
          <div className={style['three']}>
            <TextInput
              type="time"
              label={t`From`}
              required
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            <TextInput
              type="time"
              label={t`Until`}
              required
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
            <NumberInput
              label={t`Minutes each`}
              min={5}
              max={480}
              step={5}
              value={minutes}
              onChange={(value) => setMinutes(Number(value))}
            />
          </div>
          <p role="status" className={style['quiet']}>
            {count === 0
              ? t`No time fits in there.`
              : count === MOST_SLOTS
                ? t`${MOST_SLOTS} at once at most.`
                : plural(count, { one: 'This is # time.', other: 'These are # times.' })}
          </p>
          {progress !== null && <Progress value={progress} aria-label={t`Adding`} />}
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={action.busy} disabled={count === 0 || service.trim() === ''}>
              <Trans>Add</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
