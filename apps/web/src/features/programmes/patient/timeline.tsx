import { answersOf, plainQuestion } from '@baton/client';
import type { CheckInAlert, CheckInRun, Enrolment } from '@baton/wire';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { ExactTime } from '../../../design/primitives/exact-time.tsx';
import { useTimeFrame } from '../../../design/session/frame-context.tsx';
import { clockTime, isoDateWords } from '../../../design/words/time-words.ts';
import { AlertCard } from '../alerts/alert-card.tsx';
import { BandMark } from '../alerts/band-mark.tsx';
import type { Documents } from '../cohort/cohort-figures.ts';
import style from '../programmes.module.css';
import { CODE_NAMES, type KnownCode, OUTCOME_NAMES } from '../words.ts';

/** So many days at first. */
const SHOWN = 14;

/** Days, newest first: what was asked and answered, what came of it, and alerts that are done. */
export function Timeline({
  runs,
  alerts,
  documents,
  enrolment,
}: {
  readonly runs: readonly CheckInRun[];
  readonly alerts: readonly CheckInAlert[];
  readonly documents: Documents;
  readonly enrolment: Enrolment;
}) {
  const { i18n } = useLingui();
  const [shown, setShown] = useState(SHOWN);
  const dates = [...new Set([...runs, ...alerts].map(({ date }) => date))].sort().reverse();
  if (dates.length === 0)
    return (
      <p className={style['quiet']}>
        <Trans>Nothing was asked yet.</Trans>
      </p>
    );
  return (
    <>
      <ol className={style['days']}>
        {dates.slice(0, shown).map((date) => (
          <li key={date}>
            <h3>{isoDateWords(date, i18n.locale)}</h3>
            <div className={style['day']}>
              {runs
                .filter((run) => run.date === date)
                .toReversed()
                .map((run) => (
                  <Run key={run.slot} run={run} documents={documents} enrolment={enrolment} />
                ))}
              {alerts
                .filter((alert) => alert.date === date)
                .map((alert) => (
                  <AlertCard key={alert.id} alert={alert} />
                ))}
            </div>
          </li>
        ))}
      </ol>
      {dates.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + SHOWN)}>
          <Trans>Earlier days</Trans>
        </Button>
      )}
    </>
  );
}

function Run({
  run,
  documents,
  enrolment,
}: {
  readonly run: CheckInRun;
  readonly documents: Documents;
  readonly enrolment: Enrolment;
}) {
  const { t, i18n } = useLingui();
  const frame = useTimeFrame();
  const document = documents(run.protocol.id, run.protocol.version);
  const slot = document?.slots.find(({ id }) => id === run.slot);
  const language = i18n.locale === 'es' ? 'es' : 'en';
  const name = slot ? slot.name[language] : t`Began by the patient`;
  const answers = answersOf(run, document);
  const unclear = run.steps.filter(({ kind }) => kind === 'unclear').length;
  return (
    <section className={style['run']}>
      <p className={style['run-head']}>
        <ExactTime at={run.startedAt} className={style['quiet']}>
          {clockTime(run.startedAt, frame)}
        </ExactTime>
        <b>{name}</b>
        {run.band !== null && <BandMark band={run.band} />}
        <span className={style['quiet']}>{i18n._(OUTCOME_NAMES[run.outcome])}</span>
      </p>
      {answers.length > 0 && (
        <dl className={style['answers']}>
          {answers.map(({ node, question, value, grade, at }) => (
            <div key={`${node}${at}`}>
              <dt>{question ? plainQuestion(question, language, enrolment) : node}</dt>
              <dd>
                {valueWords(
                  value,
                  question?.choices.find(({ code }) => code === value.code)?.label[language] ??
                    (value.code in CODE_NAMES ? i18n._(CODE_NAMES[value.code as KnownCode]) : null),
                )}
                {grade !== null && <span className={style['grade']}>{t`grade ${grade}`}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {unclear > 0 && (
        <p className={style['quiet']}>
          <Trans>Something was not understood; the words stand in the conversation.</Trans>
        </p>
      )}
    </section>
  );
}

const UNIT_WORDS: Readonly<Record<string, string>> = {
  Cel: '°C',
  '[degF]': '°F',
  'mm[Hg]': 'mmHg',
};

/** "101.2 °F", "151/94 mmHg", "Worse". */
export function valueWords(
  { code, number, second, unit }: NonNullable<CheckInRun['steps'][number]['value']>,
  label: string | null,
): string {
  if (number === null) return label ?? code;
  const both = second === null ? String(number) : `${number}/${second}`;
  return unit === null ? both : `${both} ${UNIT_WORDS[unit] ?? unit}`;
}
