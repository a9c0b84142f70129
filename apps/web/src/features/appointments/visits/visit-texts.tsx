import type { Visit } from '@baton/client';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCheck, IconClock, IconMinus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ExactTime } from '../../../design/primitives/exact-time.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { codeWords } from '../../../design/words/text-code-words.ts';
import { useStepWords } from '../reminders/step-words.ts';
import { useTexts } from './use-texts.ts';
import { whenWords } from './when-words.ts';
import style from './visits.module.css';

/** Why a step was left out, where it is not a code of the texting assistant. */
const NOTES: Readonly<Record<string, MessageDescriptor>> = {
  comparison: msg`by lot without the extra reminder`,
  'other-patient': msg`it was another patient’s visit then`,
  withdrawn: msg`taken back before anybody had it`,
};

/** What was said about this visit, and what is still to come. */
export function VisitTexts({ visit }: { readonly visit: Visit }) {
  const { t } = useLingui();
  const noteWords = useNoteWords();
  const { appointments } = useSession();
  const settings = useLive(appointments.settings);
  const stepWords = useStepWords();
  const { sent, skipped, coming } = useTexts(visit);
  const nameOf = (id: string): string => {
    const step = settings?.steps.find((one) => one.id === id);
    return step ? stepWords(step) : id;
  };
  const { start } = visit.appointment;
  const said = [...sent, ...skipped].toSorted((a, b) => a.at - b.at);
  if (said.length === 0 && coming.length === 0)
    return (
      <p className={style['quiet']}>
        {settings?.on ? (
          <Trans>Nothing was sent, and nothing is planned.</Trans>
        ) : (
          <Trans>Nothing was sent. Reminders are off.</Trans>
        )}
      </p>
    );
  return (
    <ol className={style['texts']} aria-label={t`Messages about this visit`}>
      {said.map((one) => (
        <Line
          key={`${one.step} ${one.start} ${one.at}`}
          icon={
            one.state === 'sent' ? <IconCheck size={16} stroke={2} /> : <IconMinus size={16} stroke={2} />
          }
          at={one.at}
          zone={visit.appointment.timeZone}
          word={one.state === 'sent' ? t`sent` : t`not sent`}
        >
          {nameOf(one.step)}
          {one.start !== start && ` · ${t`for the time before`}`}
          {one.note !== null && ` · ${noteWords(one.note)}`}
        </Line>
      ))}
      {coming.map((one) => (
        <Line
          key={`${one.step.id} ${one.at}`}
          icon={<IconClock size={16} stroke={1.8} />}
          at={one.at}
          zone={visit.appointment.timeZone}
          word={t`goes`}
        >
          {stepWords(one.step)}
          {one.appointments.length > 1 && ` · ${t`with another visit of the day`}`}
        </Line>
      ))}
    </ol>
  );
}

/** A note is a code, an answer to the question after the visit, or the visit that it was said with. */
function useNoteWords(): (note: string) => string {
  const { t, i18n } = useLingui();
  return (note) => {
    const words = NOTES[note];
    if (words !== undefined) return i18n._(words);
    const [, answer] = /^answer:(\d)$/.exec(note) ?? [];
    if (answer !== undefined) return t`answered ${answer}`;
    const known = codeWords(note, i18n);
    return known === note ? t`with another visit of the day` : known;
  };
}

function Line({
  icon,
  at,
  zone,
  word,
  children,
}: {
  readonly icon: ReactNode;
  readonly at: number;
  readonly zone: string;
  readonly word: string;
  readonly children: ReactNode;
}) {
  const { locale } = useTimeFrame();
  const now = useNow();
  return (
    <li>
      <span aria-hidden="true" className={style['texts-icon']}>
        {icon}
      </span>
      <span className={style['texts-when']}>
        {word} <ExactTime at={at}>{whenWords(at, now, { locale, timeZone: zone })}</ExactTime>
      </span>
      <span>{children}</span>
    </li>
  );
}
