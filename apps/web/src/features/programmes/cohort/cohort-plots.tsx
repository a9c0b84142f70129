import type { EnrolledPatient } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import { useNow } from '../../../design/session/frame-context.tsx';
import { PlotFrame } from '../plots/plot-frame.tsx';
import { SharePlot } from '../plots/share-plot.tsx';
import { StackPlot } from '../plots/stack-plot.tsx';
import style from '../programmes.module.css';
import { ACT_NAMES } from '../words.ts';
import {
  adherenceByWeek,
  alertFigures,
  bandsByDay,
  type Documents,
  responseByWeek,
  symptomsByWeek,
  type WeekPoint,
  weeksUpTo,
} from './cohort-figures.ts';
import { shareWords } from './cohort-tiles.tsx';

const WEEKS = 8;
const DAYS = 14;
/** The most frequent ones; the export has all. */
const SYMPTOMS = 6;

export interface PlotsProps {
  readonly lines: readonly EnrolledPatient[];
  readonly documents: Documents;
  readonly today: string;
}

export function CohortPlots({ lines, documents, today }: PlotsProps) {
  const { t, i18n } = useLingui();
  // A thousand patients have a hundred thousand check-ins: they are gone through when something changed, not when a minute has passed.
  const { symptoms, response, adherence } = useMemo(() => {
    const weeks = weeksUpTo(today, WEEKS);
    return {
      symptoms: symptomsByWeek(lines, weeks, documents).slice(0, SYMPTOMS),
      response: responseByWeek(lines, weeks),
      adherence: adherenceByWeek(lines, weeks, documents),
    };
  }, [lines, documents, today]);
  return (
    <div className={style['plots']}>
      <Shares
        title={t`Questions answered`}
        note={t`Share of the questions that went out`}
        points={response}
      />
      {lines.some(({ enrolment }) => enrolment.regimen !== null) && (
        <Shares
          title={t`Doses taken`}
          note={t`Share of the doses asked about; no answer counts as not taken`}
          points={adherence}
        />
      )}
      <Bands lines={lines} today={today} />
      <Alerts lines={lines} />
      {symptoms.map(({ key, weeks: points }) => (
        <PlotFrame
          key={key}
          title={key}
          note={t`Patients with this symptom, by week, each with their worst grade`}
          plot={
            <StackPlot
              parts={[
                { name: t`Grade 1–2`, tone: 'amber' },
                { name: t`Grade 3 and more`, tone: 'danger' },
              ]}
              columns={points.map(({ from, mild, severe }) => ({
                label: shortWeek(from, i18n.locale),
                values: [mild, severe],
              }))}
            />
          }
          columns={[t`Week of`, t`1–2`, t`3+`]}
          rows={points
            .toReversed()
            .map(({ from, mild, severe }) => [shortWeek(from, i18n.locale), String(mild), String(severe)])}
        />
      ))}
    </div>
  );
}

function Shares({
  title,
  note,
  points,
}: {
  readonly title: string;
  readonly note: string;
  readonly points: readonly WeekPoint[];
}) {
  const { t, i18n } = useLingui();
  return (
    <PlotFrame
      title={title}
      note={note}
      plot={
        <SharePlot
          points={points.map(({ from, value }) => ({ label: shortWeek(from, i18n.locale), value }))}
        />
      }
      columns={[t`Week of`, t`Share`, t`Asked`]}
      rows={points
        .toReversed()
        .map(({ from, value, of }) => [
          shortWeek(from, i18n.locale),
          shareWords(value, i18n.locale),
          String(of),
        ])}
    />
  );
}

function Bands({ lines, today }: Pick<PlotsProps, 'lines' | 'today'>) {
  const { t, i18n } = useLingui();
  const days = useMemo(() => bandsByDay(lines, today, DAYS), [lines, today]);
  return (
    <PlotFrame
      title={t`Check-ins by their worst answer`}
      note={t`The last 14 days`}
      plot={
        <StackPlot
          parts={[
            { name: t`Green`, tone: 'done' },
            { name: t`Amber`, tone: 'amber' },
            { name: t`Red`, tone: 'danger' },
          ]}
          columns={days.map(({ date, green, amber, red }) => ({
            label: shortWeek(date, i18n.locale),
            values: [green, amber, red],
          }))}
        />
      }
      columns={[t`Day`, t`Green`, t`Amber`, t`Red`]}
      rows={days
        .toReversed()
        .map(({ date, green, amber, red }) => [
          shortWeek(date, i18n.locale),
          String(green),
          String(amber),
          String(red),
        ])}
    />
  );
}

function Alerts({ lines }: Pick<PlotsProps, 'lines'>) {
  const { t, i18n } = useLingui();
  const now = useNow(60_000);
  const figures = alertFigures(lines, now);
  const ways = (['call', 'video', 'visit', 'message', 'none'] as const).map(
    (way) => [i18n._(ACT_NAMES[way]), figures.ways[way]] as const,
  );
  const most = Math.max(1, ...ways.map(([, count]) => count));
  const { done, inTime, useful, notUseful } = figures;
  return (
    <PlotFrame
      title={t`What became of alerts`}
      note={t`${inTime} of ${done} done in time. Nurses found ${useful} useful, ${notUseful} not.`}
      plot={
        <ul className={style['bars']}>
          {ways.map(([name, count]) => (
            <li key={name}>
              <span>{name}</span>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" width="100%" height={10}>
                <rect width={(100 * count) / most} height={10} />
              </svg>
            </li>
          ))}
        </ul>
      }
      columns={[t`What was done`, t`Alerts`]}
      rows={ways.map(([name, count]) => [name, String(count)])}
    />
  );
}

/** "12 May", without the year. */
export function shortWeek(date: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${date}T00:00:00Z`),
  );
}
