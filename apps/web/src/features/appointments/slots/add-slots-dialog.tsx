import type { Slot } from '@baton/wire';
import { Button, Group, Modal, Progress, Stack, TextInput } from '@mantine/core';
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
import { makeSlots, MOST_SLOTS } from './make-slots.ts';
import { readSeries, type SeriesDraft, SeriesFields, suggestSeries } from './series-fields.tsx';

/** Adds times that can be booked: one morning, or the same times on many days. */
export function AddSlotsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const { timeZone } = usePractice();
  const now = useNow();
  const action = useAction();
  const { save, progress } = useSave();
  const [service, setService] = useState('');
  const [practitioner, setPractitioner] = useState('');
  const [location, setLocation] = useState('');
  const [draft, setDraft] = useState<SeriesDraft>(() => suggestSeries(now, timeZone));
  const series = readSeries(draft, timeZone);
  const times = series === null ? [] : makeSlots(series);
  const count = times.length;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const named = (text: string) => (text.trim() === '' ? null : text.trim());
    const person = named(practitioner);
    void action
      .run(() =>
        save(times, {
          timeZone,
          service: { code: null, text: service.trim() },
          practitioner: person === null ? null : { code: null, text: person },
          location: named(location),
        }),
      )
      .then((done) => done && onClose());
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
          </div>
          <SeriesFields draft={draft} onChange={setDraft} />
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

type About = Pick<Slot, 'timeZone' | 'service' | 'practitioner' | 'location'>;

/** Writes them one after the other; progress in percent while it runs. */
function useSave(): {
  readonly progress: number | null;
  readonly save: (times: ReturnType<typeof makeSlots>, about: About) => Promise<void>;
} {
  const { appointments } = useSession();
  const now = useNow();
  const [progress, setProgress] = useState<number | null>(null);
  const save = async (times: ReturnType<typeof makeSlots>, about: About): Promise<void> => {
    try {
      for (const [index, time] of times.entries()) {
        setProgress((100 * index) / times.length);
        await appointments.saveSlot({
          t: 'slot',
          id: appointments.newId(),
          ...time,
          ...about,
          state: 'free',
          holder: null,
          updatedAt: now,
        });
      }
    } finally {
      setProgress(null);
    }
  };
  return { progress, save };
}
