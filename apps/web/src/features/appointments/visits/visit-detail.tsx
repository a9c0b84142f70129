import type { Visit, WhyUnreached } from '@baton/client';
import type { Appointment, AppointmentStatus } from '@baton/wire';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconCalendarOff,
  IconCheck,
  IconClockEdit,
  IconDoorEnter,
  IconMessage,
  IconUserX,
  IconX,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { clockTime, tableTime } from '../../../design/words/time-words.ts';
import { BookDialog } from '../book/book-dialog.tsx';
import { ShareField } from '../book/share-field.tsx';
import { StartConversation } from '../start-conversation.tsx';
import type { OfferUndo } from '../undo-line.tsx';
import { UNREACHED_WORDS } from '../unreached-words.ts';
import { standingOf } from '../../../design/visits/standing.ts';
import { SOURCE_WORDS, WRITE_BACK_WORDS } from '../../../design/visits/visit-words.ts';
import { VisitTexts } from './visit-texts.tsx';
import style from './visits.module.css';

/** Everything about one visit, and what can be done with it. */
export function VisitDetail({
  visit,
  unreached,
  offer,
}: {
  readonly visit: Visit;
  readonly unreached: WhyUnreached | null;
  readonly offer: OfferUndo;
}) {
  const { i18n } = useLingui();
  const { ref } = visit.appointment;
  return (
    <>
      {unreached !== null && (
        <Notice
          tone="waiting"
          action={
            unreached === 'no-conversation' && ref !== null ? <StartConversation patient={ref} /> : undefined
          }
        >
          {i18n._(UNREACHED_WORDS[unreached].long)}
        </Notice>
      )}
      <Twin visit={visit} />
      <Facts visit={visit} />
      <Privacy visit={visit} />
      <VisitTexts visit={visit} />
      <Acts visit={visit} offer={offer} />
    </>
  );
}

function Facts({ visit: { appointment, writeBack } }: { readonly visit: Visit }) {
  const { t, i18n } = useLingui();
  const { locale } = useTimeFrame();
  const { directory } = useSession();
  const frame = { locale, timeZone: appointment.timeZone };
  const { answer, source } = appointment;
  const by =
    answer.by === null || answer.by === 'patient'
      ? t`the patient`
      : (directory.member(answer.by)?.name ?? '');
  const from = clockTime(appointment.start, frame);
  const to = clockTime(appointment.end, frame);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t`Time`, t`${from} to ${to}`],
    [t`Answered`, answer.at === null ? '' : `${tableTime(answer.at, frame)} · ${by}`],
    [t`Reason (staff only)`, appointment.reason ?? ''],
    [t`Came`, [i18n._(SOURCE_WORDS[source.kind]), source.system].filter((part) => part !== null).join(', ')],
    [
      t`Record system`,
      writeBack === null
        ? ''
        : `${i18n._(WRITE_BACK_WORDS[writeBack.state])} · ${tableTime(writeBack.at, frame)}`,
    ],
  ];
  return (
    <dl className={style['facts']}>
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Booked here, entered into the record system by hand, and come back from there: two lines for one visit. */
function Twin({ visit: { appointment } }: { readonly visit: Visit }) {
  const { i18n } = useLingui();
  const { appointments } = useSession();
  const action = useAction();
  const twin = appointments.twinOf(appointment.id);
  if (twin === null) return null;
  const source = i18n._(SOURCE_WORDS[twin.source.kind]);
  return (
    <>
      <Notice
        tone="info"
        action={
          <Button
            size="compact-sm"
            variant="default"
            loading={action.busy}
            onClick={() => void action.run(() => appointments.mergeTwin(appointment.id))}
          >
            <Trans>Same visit</Trans>
          </Button>
        }
      >
        <Trans>
          This patient has another visit at the very same time ({source}). If it is the same one, make one
          line of them: answer, reminders and time are kept.
        </Trans>
      </Notice>
      <FailureNotice sentence={action.failure} />
    </>
  );
}

/** Of a patient of the age of privacy: who may know of the visit. */
function Privacy({ visit: { appointment } }: { readonly visit: Visit }) {
  const { appointments } = useSession();
  const action = useAction();
  const { id, ref, shareable = false } = appointment;
  if (ref === null || !appointments.hasPrivacy(ref)) return null;
  return (
    <>
      <ShareField
        shareable={shareable}
        busy={action.busy}
        onChange={(next) => void action.run(() => appointments.change(id, { shareable: next }))}
      />
      <FailureNotice sentence={action.failure} />
    </>
  );
}

type Answer = Appointment['answer']['state'];

function Acts({ visit, offer }: { readonly visit: Visit; readonly offer: OfferUndo }) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const action = useAction();
  const now = useNow();
  const [moving, setMoving] = useState(false);
  const { appointment, patient } = visit;
  const { id, status, answer } = appointment;
  const who = patient ?? t`The visit`;
  const answered = (state: Answer, words: string): void =>
    void action
      .run(() => appointments.change(id, { answer: state }))
      .then((done) => {
        if (done) offer(words, () => appointments.change(id, { answer: answer.state, status }));
      });
  const turned = (next: AppointmentStatus, words: string): void =>
    void action
      .run(() => appointments.setStatus(id, next))
      .then((done) => done && offer(words, () => appointments.setStatus(id, status)));
  const standing = standingOf(appointment, now);
  const isPast = standing === 'unclosed';
  const isOpen = isPast || ['confirmed', 'unconfirmed', 'other-time'].includes(standing);
  const isToday = appointment.start - now < 12 * 3_600_000;
  return (
    <div className={style['acts']} role="group" aria-label={t`What to do with this visit`}>
      {isOpen && !isPast && answer.state !== 'confirmed' && (
        <Act icon={<IconCheck size={17} />} onClick={() => answered('confirmed', t`${who}: confirmed.`)}>
          <Trans>Confirmed</Trans>
        </Act>
      )}
      {isOpen && isToday && !isPast && (
        <Act icon={<IconDoorEnter size={17} />} onClick={() => turned('arrived', t`${who} is here.`)}>
          <Trans>Is here</Trans>
        </Act>
      )}
      {(standing === 'here' || (isOpen && isPast)) && (
        <Act icon={<IconCheck size={17} />} onClick={() => turned('fulfilled', t`${who}: visit done.`)}>
          <Trans>Visit done</Trans>
        </Act>
      )}
      {isOpen && appointment.start <= now && (
        <Act icon={<IconUserX size={17} />} onClick={() => turned('noshow', t`${who} did not come.`)}>
          <Trans>Did not come</Trans>
        </Act>
      )}
      {isOpen && !isPast && (
        <>
          <Act icon={<IconClockEdit size={17} />} onClick={() => setMoving(true)}>
            <Trans>Move…</Trans>
          </Act>
          <Act
            icon={<IconX size={17} />}
            onClick={() => answered('declined', t`${who} cannot come: cancelled.`)}
          >
            <Trans>Patient cannot come</Trans>
          </Act>
          <Act icon={<IconCalendarOff size={17} />} onClick={() => turned('cancelled', t`Cancelled.`)}>
            <Trans>We cancel</Trans>
          </Act>
        </>
      )}
      {!isOpen && standing !== 'here' && (
        <Act icon={<IconCheck size={17} />} onClick={() => turned('booked', t`Booked again.`)}>
          <Trans>Book again</Trans>
        </Act>
      )}
      <ToConversation patientRef={appointment.ref} />
      <FailureNotice sentence={action.failure} />
      {moving && <BookDialog moved={visit} onClose={() => setMoving(false)} onMoved={offer} />}
    </div>
  );
}

function Act({
  icon,
  onClick,
  children,
}: {
  readonly icon: ReactNode;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Button size="compact-sm" variant="default" leftSection={icon} onClick={onClick}>
      {children}
    </Button>
  );
}

function ToConversation({ patientRef }: { readonly patientRef: string | null }) {
  const { care } = useSession();
  const conversation =
    patientRef === null ? null : (care.chart(patientRef).read().thread?.conversation ?? null);
  if (conversation === null) return null;
  return (
    <Link to="/inbox/$conversation" params={{ conversation }} className={style['link']}>
      <IconMessage size={17} stroke={1.7} aria-hidden="true" />
      <Trans>Conversation</Trans>
    </Link>
  );
}
