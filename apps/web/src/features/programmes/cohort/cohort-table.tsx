import { type EnrolledPatient, isOpenAlert } from '@baton/client';
import { Button } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { dueTime, spanWords } from '../../../design/words/span-words.ts';
import { BandMark } from '../alerts/band-mark.tsx';
import style from '../programmes.module.css';
import { ScrollRegion } from '../scroll-region.tsx';
import { STATE_NAMES } from '../words.ts';
import { shareWords } from './cohort-tiles.tsx';
import { Spark } from './spark.tsx';

/** So many at first: those who need somebody stand among them. */
const SHOWN = 60;

/** One line a patient. */
export function CohortTable({
  lines,
  names,
}: {
  readonly lines: readonly EnrolledPatient[];
  readonly names: ReadonlyMap<string, string>;
}) {
  const { t } = useLingui();
  const [shown, setShown] = useState(SHOWN);
  return (
    <>
      <ScrollRegion className={style['table-wrap']} label={t`Patients on programmes`}>
        <table className={style['table']}>
          <thead>
            <tr>
              <th scope="col">
                <Trans>Patient</Trans>
              </th>
              <th scope="col">
                <Trans>Needs</Trans>
              </th>
              <th scope="col">
                <Trans>Last 14 days</Trans>
              </th>
              <th scope="col" className={style['figure']}>
                <Trans>Answered</Trans>
              </th>
              <th scope="col" className={style['figure']}>
                <Trans>Taken</Trans>
              </th>
              <th scope="col">
                <Trans>State</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, shown).map((line) => (
              <Row key={line.enrolment.id} line={line} name={names.get(line.enrolment.protocol.id) ?? ''} />
            ))}
            {lines.length === 0 && (
              <tr>
                <td colSpan={6}>
                  <Trans>Nobody fits.</Trans>
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollRegion>
      {lines.length > shown && (
        <Button variant="default" className={style['more'] ?? ''} onClick={() => setShown(shown + SHOWN)}>
          <Trans>More patients</Trans>
        </Button>
      )}
    </>
  );
}

function Row({ line, name }: { readonly line: EnrolledPatient; readonly name: string }) {
  const { i18n } = useLingui();
  const { enrolment, patient, responseRate, adherence } = line;
  return (
    <tr data-ended={enrolment.state === 'ended' || undefined}>
      <th scope="row">
        <Link to="/programmes" hash={enrolment.id} className={style['name']}>
          {patient}
        </Link>
        <span className={style['quiet']}>{name}</span>
      </th>
      <td>
        <Needs line={line} />
      </td>
      <td>
        <Spark line={line} />
      </td>
      <td className={style['figure']}>{shareWords(responseRate, i18n.locale)}</td>
      <td className={style['figure']}>{shareWords(adherence, i18n.locale)}</td>
      <td>{i18n._(STATE_NAMES[enrolment.state])}</td>
    </tr>
  );
}

function Needs({ line }: { readonly line: EnrolledPatient }) {
  const { t, i18n } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const { alerts, silentDays, enrolment } = line;
  const [first] = alerts
    .filter(isOpenAlert)
    .sort((a, b) => Number(b.band === 'red') - Number(a.band === 'red') || a.callBackBy - b.callBackBy);
  if (first) {
    const late = first.callBackBy < now;
    const span = spanWords(Math.abs(first.callBackBy - now), i18n.locale);
    const due = dueTime(first.callBackBy, now, frame);
    return (
      <span className={style['needs']}>
        <BandMark band={first.band} />
        <span className={style['clock']} data-late={late || undefined}>
          {late ? t`${span} late` : t`by ${due} · ${span}`}
        </span>
        <span className={style['quiet']}>{first.reason}</span>
      </span>
    );
  }
  if (enrolment.state === 'ended') return <span className={style['quiet']}>–</span>;
  if (enrolment.stale)
    return (
      <span className={style['amber']}>
        <Trans>Confirm the plan</Trans>
      </span>
    );
  if (silentDays > 0)
    return (
      <span className={style['amber']}>
        {t`${plural(silentDays, { one: 'silent for # day', other: 'silent for # days' })}`}
      </span>
    );
  return (
    <span className={style['quiet']}>
      <Trans>nothing</Trans>
    </span>
  );
}
