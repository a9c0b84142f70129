import type { Slot } from '@baton/wire';
import { Button, NativeSelect } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconCalendarPlus,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleOff,
  IconHourglass,
} from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { clockTime, dayKey, dayTitle } from '../../../design/words/time-words.ts';
import { joinWords } from '../../../design/words/join-words.ts';
import style from '../appointments.module.css';
import { BookDialog } from '../book/book-dialog.tsx';
import { isFree } from '../book/slot-choice.tsx';
import { type OfferUndo, useUndo } from '../undo-line.tsx';
import { usePractice } from '../use-practice.ts';
import { whenWords } from '../visits/when-words.ts';
import { AddSlotsDialog } from './add-slots-dialog.tsx';

/** Times that can be booked: what patients who want another time, and the waitlist, are offered from. */
export function SlotsPage() {
  const { t } = useLingui();
  const { appointments } = useSession();
  const { frame } = usePractice();
  const slots = useLive(appointments.slots);
  const now = useNow();
  const [adding, setAdding] = useState(false);
  const [booking, setBooking] = useState<Slot | null>(null);
  const [service, setService] = useState('');
  const { offer, line } = useUndo();
  const coming = slots.filter(({ start }) => start > now);
  const services = [...new Set(coming.map((slot) => slot.service.text))].sort();
  const shown = coming.filter((slot) => service === '' || slot.service.text === service);
  const free = shown.filter((slot) => isFree(slot, null, now)).length;
  const days = Map.groupBy(shown, ({ start }) => dayKey(start, frame));
  const add = (
    <Button
      leftSection={<IconCalendarPlus size={18} stroke={1.7} aria-hidden="true" />}
      onClick={() => setAdding(true)}
    >
      <Trans>Add free times</Trans>
    </Button>
  );
  return (
    <>
      <div className={style['head']}>
        <p className={style['summary']}>
          <Trans>
            Patients who want another time choose from these, and the waitlist is offered them one patient at
            a time. A time is never two patients’.
          </Trans>
        </p>
        {coming.length > 0 && add}
      </div>
      {line}
      {coming.length === 0 ? (
        <EmptyState title={t`No free times yet`} action={add}>
          <Trans>
            Add the times that patients may choose. Visits from your record system stay as they are.
          </Trans>
        </EmptyState>
      ) : (
        <>
          <div className={style['filter-line']}>
            <NativeSelect
              size="sm"
              aria-label={t`Service`}
              value={service}
              onChange={(event) => setService(event.currentTarget.value)}
              data={[{ value: '', label: t`All services` }, ...services]}
            />
            <span className={style['quiet']}>{plural(free, { one: '# is free', other: '# are free' })}</span>
          </div>
          {[...days.values()].map((here) => (
            <section key={here[0]?.id} className={style['day']}>
              <h2>{dayTitle(here[0]?.start ?? 0, now, frame)}</h2>
              <ul className={style['list']}>
                {here.map((slot) => (
                  <SlotRow key={slot.id} slot={slot} onBook={() => setBooking(slot)} offer={offer} />
                ))}
              </ul>
            </section>
          ))}
        </>
      )}
      {adding && <AddSlotsDialog onClose={() => setAdding(false)} />}
      {booking !== null && (
        <BookDialog
          slot={booking}
          onClose={() => setBooking(null)}
          onBooked={(id) => offer(t`Booked.`, () => appointments.setStatus(id, 'cancelled'))}
        />
      )}
    </>
  );
}

function SlotRow({
  slot,
  onBook,
  offer,
}: {
  readonly slot: Slot;
  readonly onBook: () => void;
  readonly offer: OfferUndo;
}) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const { locale } = useTimeFrame();
  const now = useNow();
  const action = useAction();
  const frame = { locale, timeZone: slot.timeZone };
  const free = isFree(slot, null, now);
  const time = clockTime(slot.start, frame);
  const turn = (state: Slot['state'], words: string): void =>
    void action
      .run(() => appointments.saveSlot({ ...slot, state, holder: null }))
      .then((done) => done && offer(words, () => appointments.saveSlot({ ...slot, holder: null })));
  return (
    <li className={style['line-row']}>
      <span className={style['time']}>
        {time}–{clockTime(slot.end, frame)}
      </span>
      <span className={style['grow']}>
        <b>{slot.service.text}</b>
        <span className={style['sub']}>{joinWords([slot.practitioner?.text, slot.location])}</span>
      </span>
      <SlotState slot={slot} />
      <span className={style['row-acts']}>
        {free && (
          <Button size="compact-sm" variant="light" onClick={onBook} aria-label={t`Book ${time}`}>
            <Trans>Book</Trans>
          </Button>
        )}
        {slot.state === 'free' && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            loading={action.busy}
            aria-label={t`Close ${time}`}
            onClick={() => turn('closed', t`Closed: nobody is offered it.`)}
          >
            <Trans>Close</Trans>
          </Button>
        )}
        {slot.state === 'closed' && (
          <Button
            size="compact-sm"
            variant="subtle"
            loading={action.busy}
            aria-label={t`Open ${time}`}
            onClick={() => turn('free', t`Open again.`)}
          >
            <Trans>Open</Trans>
          </Button>
        )}
      </span>
      <FailureNotice sentence={action.failure} />
    </li>
  );
}

function SlotState({ slot }: { readonly slot: Slot }) {
  const { t } = useLingui();
  const { appointments, patients } = useSession();
  const { locale } = useTimeFrame();
  const now = useNow();
  const { state, holder } = slot;
  if (state === 'closed')
    return (
      <span className={style['state']}>
        <IconCircleOff size={17} stroke={1.7} aria-hidden="true" />
        <Trans>Closed</Trans>
      </span>
    );
  if (isFree(slot, null, now) || holder === null)
    return (
      <span className={style['state']}>
        <IconCircleDashed size={17} stroke={1.7} aria-hidden="true" />
        <Trans>Free</Trans>
      </span>
    );
  const visit = appointments.of(holder.ref).read()[0];
  const record = patients.read(holder.ref);
  const name = visit?.patient ?? (record ? [...record.given, record.family].join(' ') : holder.ref);
  if (state === 'held') {
    const until =
      holder.until === null ? '' : whenWords(holder.until, now, { locale, timeZone: slot.timeZone });
    return (
      <span className={style['state']} data-tone="waiting">
        <IconHourglass size={17} stroke={1.7} aria-hidden="true" />
        {until === '' ? t`Held for ${name}` : t`Held for ${name} until ${until}`}
      </span>
    );
  }
  return (
    <span className={style['state']} data-tone="done">
      <IconCircleCheck size={17} stroke={1.7} aria-hidden="true" />
      {t`Booked: ${name}`}
    </span>
  );
}
