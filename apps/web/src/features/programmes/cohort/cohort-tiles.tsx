import type { EnrolledPatient } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import { useNow } from '../../../design/session/frame-context.tsx';
import { spanWords } from '../../../design/words/span-words.ts';
import style from '../programmes.module.css';
import {
  adherenceByWeek,
  alertFigures,
  type Documents,
  overallShare,
  responseByWeek,
  weeksUpTo,
} from './cohort-figures.ts';

const SHARE_WEEKS = 4;

/** What one needs to know in two seconds. */
export function CohortTiles({
  lines,
  documents,
  today,
}: {
  readonly lines: readonly EnrolledPatient[];
  readonly documents: Documents;
  readonly today: string;
}) {
  const { t, i18n } = useLingui();
  const now = useNow(30_000);
  const shares = useMemo(() => {
    const weeks = weeksUpTo(today, SHARE_WEEKS);
    return {
      response: overallShare(responseByWeek(lines, weeks)),
      adherence: overallShare(adherenceByWeek(lines, weeks, documents)),
    };
  }, [lines, documents, today]);
  const alerts = alertFigures(lines, now);
  const silent = lines.filter(
    ({ enrolment, silentDays }) => enrolment.state !== 'ended' && silentDays > 0,
  ).length;
  const stale = lines.filter(
    ({ enrolment }) => enrolment.state !== 'ended' && enrolment.stale !== null,
  ).length;
  const response = useShare(shares.response);
  const adherence = useShare(shares.adherence);
  const took = alerts.medianCallBackMs === null ? '–' : spanWords(alerts.medianCallBackMs, i18n.locale);
  const { red, late } = alerts;
  const tiles: readonly (readonly [string, string, string, boolean])[] = [
    [
      t`Open alerts`,
      String(alerts.open),
      alerts.open === 0 ? '' : t`${red} red, ${late} late`,
      alerts.open > 0,
    ],
    [t`Silent`, String(silent), t`no answer on their last day`, false],
    [t`Plans to confirm`, String(stale), t`no dose is named meanwhile`, stale > 0],
    [t`Answered`, response, t`of questions, 4 weeks`, false],
    [t`Taken`, adherence, t`of doses asked about, 4 weeks`, false],
    [t`Time to call-back`, took, t`median, from alert to done`, false],
  ];
  return (
    <dl className={style['tiles']}>
      {tiles.map(([name, value, note, urgent]) => (
        <div key={name} data-urgent={urgent || undefined}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            {note !== '' && <span>{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function useShare(share: number | null): string {
  const { i18n } = useLingui();
  return share === null ? '–' : shareWords(share, i18n.locale);
}

export function shareWords(share: number | null, locale: string): string {
  if (share === null) return '–';
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}
