import { isOpenAlert } from '@baton/client';
import type { ALERT_ACTS, CheckInAlert } from '@baton/wire';
import { Button, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconCalendarPlus,
  IconCheck,
  IconMessage,
  IconPhone,
  IconStethoscope,
  IconThumbDown,
  IconThumbUp,
  IconVideo,
  IconX,
} from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { CallbackLink } from '../../../design/batons/callback-link.tsx';
import { ExactTime } from '../../../design/primitives/exact-time.tsx';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { type Action, useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { dueTime, spanWords, urgencyOf } from '../../../design/words/span-words.ts';
import { ACT_NAMES, KIND_NAMES } from '../words.ts';
import style from './alerts.module.css';
import { BandMark } from './band-mark.tsx';
import { SlotPicker } from './slot-picker.tsx';

type Way = (typeof ALERT_ACTS)[number];
const WAYS: readonly (readonly [Way, ComponentType<{ readonly size?: number; readonly stroke?: number }>])[] =
  [
    ['call', IconPhone],
    ['video', IconVideo],
    ['visit', IconCalendarPlus],
    ['message', IconMessage],
    ['none', IconX],
  ];

/** A concern with its clock: what is wrong, which line of the protocol says so, what somebody does about it. The clock runs until that is done. */
export function AlertCard({ alert }: { readonly alert: CheckInAlert }) {
  const { t, i18n } = useLingui();
  const action = useAction();
  const open = isOpenAlert(alert);
  const kind = i18n._(KIND_NAMES[alert.kind]);
  return (
    <article
      className={style['card']}
      data-band={open ? alert.band : undefined}
      aria-label={t`Alert: ${kind}`}
    >
      <header className={style['head']}>
        <BandMark band={alert.band} />
        <span className={style['kind']}>{kind}</span>
        <AlertClock alert={alert} />
      </header>
      <p className={style['reason']}>{alert.reason}</p>
      <p className={style['line']}>
        <Trans>Protocol: {alert.line}</Trans>
      </p>
      {alert.patientSays !== null && (
        <p className={style['says']}>
          {alert.patientSays === 'urgent' ? (
            <Trans>The patient says: urgent.</Trans>
          ) : (
            <Trans>The patient says: it can wait.</Trans>
          )}
        </p>
      )}
      {open && alert.act === null && <Choose alert={alert} action={action} />}
      {open && alert.act !== null && <Finish alert={alert} action={action} />}
      {!open && <Useful alert={alert} action={action} />}
      <FailureNotice sentence={action.failure} />
    </article>
  );
}

function AlertClock({ alert }: { readonly alert: CheckInAlert }) {
  const { t, i18n } = useLingui();
  const now = useNow(15_000);
  const frame = useTimeFrame();
  const { act, at, callBackBy } = alert;
  if (act?.doneAt) {
    const took = spanWords(act.doneAt - at, i18n.locale);
    return (
      <ExactTime at={act.doneAt} className={style['rest']}>
        {t`done after ${took}`}
      </ExactTime>
    );
  }
  const urgency = urgencyOf({ openedAt: at, deadline: callBackBy, now });
  const span = spanWords(Math.abs(callBackBy - now), i18n.locale);
  const due = dueTime(callBackBy, now, frame);
  return (
    <time className={style['clock']} data-urgency={urgency} dateTime={new Date(callBackBy).toISOString()}>
      {urgency === 'late' ? t`${span} late` : t`call back by ${due} · ${span}`}
    </time>
  );
}

interface PartProps {
  readonly alert: CheckInAlert;
  readonly action: Action;
}

function Choose({ alert, action }: PartProps) {
  const { t, i18n } = useLingui();
  const { programmes } = useSession();
  const mayAct = useMayAct(alert);
  const [note, setNote] = useState('');
  const [wantsNote, setWantsNote] = useState(false);
  if (!mayAct) return <ForClinician />;
  const choose = (way: Way): void => {
    const text = note.trim();
    // Nobody sees afterwards why nothing was done, unless it is written down.
    if (way === 'none' && text === '') return setWantsNote(true);
    void action.run(() => programmes.actOnAlert(alert.id, way, text));
  };
  return (
    <>
      <TextInput
        size="sm"
        label={t`Note for the team`}
        value={note}
        maxLength={400}
        error={wantsNote && note.trim() === '' ? t`Say why nothing is needed, then press it again.` : null}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={style['ways']} role="group" aria-label={t`What do you do?`}>
        {WAYS.map(([way, Icon], index) => (
          <Button
            key={way}
            size="sm"
            variant={index === 0 ? 'filled' : 'default'}
            leftSection={<Icon size={16} stroke={1.8} />}
            loading={action.busy}
            onClick={() => choose(way)}
          >
            {i18n._(ACT_NAMES[way])}
          </Button>
        ))}
      </div>
    </>
  );
}

function Finish({ alert, action }: PartProps) {
  const { t, i18n } = useLingui();
  const { programmes, care, directory } = useSession();
  const people = useLive(directory.people);
  const frame = useTimeFrame();
  const now = useNow(30_000);
  const chart = useLive(care.chart(alert.ref));
  const [changing, setChanging] = useState(false);
  const { act } = alert;
  const mayAct = useMayAct(alert);
  if (act === null) return null;
  if (changing) return <Choose alert={alert} action={action} />;
  const who = people.find(({ id }) => id === act.by)?.name ?? t`Somebody`;
  const way = i18n._(ACT_NAMES[act.way]);
  const when = dueTime(act.chosenAt, now, frame);
  const number = chart.reach?.phones[0]?.number ?? null;
  const finish = (appointment: string | null): void =>
    void action.run(() => programmes.finishAlert(alert.id, appointment));
  return (
    <>
      <p className={style['chosen']}>
        {t`${who} chose: ${way}, ${when}`}
        {act.note !== '' && <span className={style['note']}>{act.note}</span>}
      </p>
      {act.way === 'call' && number !== null && <CallbackLink number={number} strong />}
      {!mayAct && <ForClinician />}
      {mayAct && act.way === 'visit' && (
        <SlotPicker patient={alert.ref} reason={alert.reason} onBooked={finish} />
      )}
      {mayAct && (
        <div className={style['ways']}>
          <Button
            size="sm"
            variant={act.way === 'visit' ? 'default' : 'filled'}
            leftSection={<IconCheck size={16} stroke={2} aria-hidden="true" />}
            loading={action.busy}
            onClick={() => finish(null)}
          >
            {act.way === 'visit' ? <Trans>Booked elsewhere</Trans> : <Trans>Done</Trans>}
          </Button>
          <Button size="sm" variant="default" onClick={() => setChanging(true)}>
            <Trans>Do something else</Trans>
          </Button>
        </div>
      )}
    </>
  );
}

function useMayAct({ band }: CheckInAlert): boolean {
  const session = useSession();
  return session.can(band === 'red' ? 'alert.act.red' : 'patient.registry.write');
}

/** Why there is nothing to press. */
function ForClinician() {
  return (
    <p className={style['for-clinician']}>
      <IconStethoscope size={16} stroke={1.8} aria-hidden="true" />
      <Trans>
        A clinician acts on a red alert: a physician, advanced practice provider, nurse or pharmacist. Tell
        one now.
      </Trans>
    </p>
  );
}

/** Learned from, in shadow: nothing is held back because of it. */
function Useful({ alert, action }: PartProps) {
  const { t, i18n } = useLingui();
  const { programmes } = useSession();
  const rate = (useful: boolean): void => void action.run(() => programmes.rateAlert(alert.id, useful));
  const { act, nurseSays } = alert;
  return (
    <>
      {act !== null && (
        <p className={style['chosen']}>
          {i18n._(ACT_NAMES[act.way])}
          {act.note !== '' && <span className={style['note']}>{act.note}</span>}
        </p>
      )}
      <div className={style['useful']} role="group" aria-label={t`Was this alert useful?`}>
        <span>
          <Trans>Was this alert useful?</Trans>
        </span>
        <Button
          size="compact-sm"
          variant={nurseSays === 'useful' ? 'light' : 'default'}
          aria-pressed={nurseSays === 'useful'}
          leftSection={<IconThumbUp size={15} stroke={1.8} aria-hidden="true" />}
          onClick={() => rate(true)}
        >
          <Trans>Yes</Trans>
        </Button>
        <Button
          size="compact-sm"
          variant={nurseSays === 'not-useful' ? 'light' : 'default'}
          aria-pressed={nurseSays === 'not-useful'}
          leftSection={<IconThumbDown size={15} stroke={1.8} aria-hidden="true" />}
          onClick={() => rate(false)}
        >
          <Trans>No</Trans>
        </Button>
      </div>
    </>
  );
}
