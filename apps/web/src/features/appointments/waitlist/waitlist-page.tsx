import type { Appointments, Visit } from '@baton/client';
import type { WaitEntry } from '@baton/wire';
import { Button } from '@mantine/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconMessageOff, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { shortDate } from '../../../design/words/time-words.ts';
import { joinWords } from '../../../design/words/join-words.ts';
import style from '../appointments.module.css';
import { StartConversation } from '../start-conversation.tsx';
import { type OfferUndo, useUndo } from '../undo-line.tsx';
import { usePractice } from '../use-practice.ts';
import { UNREACHED_WORDS } from '../unreached-words.ts';
import { useNameOf } from '../use-name-of.ts';
import { whenWords } from '../visits/when-words.ts';
import { WaitDialog } from './wait-dialog.tsx';

type Outcome = WaitEntry['offers'][number]['outcome'];

const OUTCOMES: Readonly<Record<Outcome, MessageDescriptor>> = {
  open: msg`waiting for an answer`,
  taken: msg`taken`,
  declined: msg`did not want it`,
  lapsed: msg`no answer in time`,
  withdrawn: msg`taken back`,
};

/** Who waits for an earlier time, in the order in which they are asked, and what came of each offer. */
export function WaitlistPage() {
  const { t } = useLingui();
  const { appointments } = useSession();
  const entries = useLive(appointments.waitlist);
  const settings = useLive(appointments.settings);
  const [adding, setAdding] = useState(false);
  const { offer, line } = useUndo();
  const waiting = entries.filter(({ state }) => state === 'waiting' || state === 'offered');
  const over = entries.filter(({ state }) => state === 'booked').slice(-10);
  const minutes = settings?.holdMinutes ?? 0;
  const add = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.7} aria-hidden="true" />}
      onClick={() => setAdding(true)}
    >
      <Trans>Add a patient</Trans>
    </Button>
  );
  return (
    <>
      <div className={style['head']}>
        <p className={style['summary']}>
          {minutes > 0
            ? t`A time that becomes free is offered to one patient at a time, from the top. Each has ${minutes} minutes; then the next is asked. The first yes has it.`
            : t`A time that becomes free is offered to one patient at a time, from the top. The first yes has it.`}
        </p>
        {waiting.length > 0 && add}
      </div>
      {settings !== null && !settings.on && waiting.length > 0 && (
        <p className={style['quiet']}>
          <Trans>Reminders are off, so nobody is asked by itself.</Trans>
        </p>
      )}
      {line}
      {waiting.length === 0 ? (
        <EmptyState title={t`Nobody waits`} action={add}>
          <Trans>
            Patients who would come sooner stand here. When somebody cancels, they are asked in order.
          </Trans>
        </EmptyState>
      ) : (
        <ol className={style['list']}>
          {waiting.map((entry, index) => (
            <WaitRow key={entry.id} entry={entry} place={index + 1} offer={offer} />
          ))}
        </ol>
      )}
      {over.length > 0 && (
        <section className={style['day']}>
          <h2>
            <Trans>Found a time</Trans>
          </h2>
          <ul className={style['list']}>
            {over.map((entry) => (
              <WaitRow key={entry.id} entry={entry} place={null} offer={offer} />
            ))}
          </ul>
        </section>
      )}
      {adding && <WaitDialog onClose={() => setAdding(false)} />}
    </>
  );
}

/** The visit that is given up for an earlier time says who may know. */
function visitOf(appointments: Appointments, { ref, appointment }: WaitEntry): Visit['appointment'] | null {
  if (appointment === null) return null;
  return (
    appointments
      .of(ref)
      .read()
      .find((one) => one.appointment.id === appointment)?.appointment ?? null
  );
}

function WaitRow({
  entry,
  place,
  offer: offerUndo,
}: {
  readonly entry: WaitEntry;
  readonly place: number | null;
  readonly offer: OfferUndo;
}) {
  const { t, i18n } = useLingui();
  const { appointments, care } = useSession();
  // Conversations and consents change who is asked.
  useLive(care.threads);
  const { frame } = usePractice();
  const now = useNow();
  const nameOf = useNameOf();
  const action = useAction();
  const slots = useLive(appointments.slots);
  const name = nameOf(entry.ref);
  const why = place === null ? null : appointments.unreached(entry.ref, visitOf(appointments, entry));
  const since = shortDate(entry.addedAt, now, frame);
  const from = entry.from === null ? null : shortDate(entry.from, now, frame);
  const until = entry.until === null ? null : shortDate(entry.until, now, frame);
  const between =
    from !== null && until !== null
      ? t`${from} to ${until}`
      : from !== null
        ? t`from ${from}`
        : until !== null
          ? t`until ${until}`
          : null;
  return (
    <li className={style['line-row']}>
      <span className={style['place']}>{place ?? ''}</span>
      <span className={style['grow']}>
        <b>{name}</b>
        <span className={style['sub']}>
          {joinWords([
            entry.service.text,
            entry.practitioner?.text,
            between,
            t`since ${since}`,
            entry.appointment === null ? null : t`gives up a later visit`,
          ])}
        </span>
        {why !== null && (
          <span className={style['unasked']}>
            <IconMessageOff size={15} stroke={1.8} aria-hidden="true" />
            {why === 'notice-only' ? (
              <Trans>An offer reaches this patient only as “a message waits”.</Trans>
            ) : (
              <Trans>Not asked by itself. {i18n._(UNREACHED_WORDS[why].long)}</Trans>
            )}
            {why === 'no-conversation' && <StartConversation patient={entry.ref} />}
          </span>
        )}
        {entry.offers.length > 0 && (
          <ul className={style['offers']} aria-label={t`Offers so far`}>
            {entry.offers.map((offer) => {
              const slot = slots.find(({ id }) => id === offer.slot);
              const what = slot === undefined ? t`a time` : whenWords(slot.start, now, frame);
              return (
                <li key={offer.id}>
                  {t`${what}, asked ${whenWords(offer.at, now, frame)}`}: {i18n._(OUTCOMES[offer.outcome])}
                  {offer.outcome === 'open' && ` · ${t`until ${whenWords(offer.until, now, frame)}`}`}
                </li>
              );
            })}
          </ul>
        )}
      </span>
      {place !== null && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          loading={action.busy}
          aria-label={t`Take off: ${name}`}
          onClick={() =>
            void action
              .run(() => appointments.endWait(entry.id))
              .then(
                (done) =>
                  done &&
                  offerUndo(t`${name} is off the waitlist.`, () => appointments.keepWaiting(entry.id)),
              )
          }
        >
          <Trans>Take off</Trans>
        </Button>
      )}
    </li>
  );
}
