import { answersOf } from '@baton/client';
import type { Protocol } from '@baton/clinical';
import type { CheckInRun } from '@baton/wire';
import { useLingui } from '@lingui/react/macro';
import { Section } from '../../../design/primitives/pane.tsx';
import { useTimeFrame } from '../../../design/session/frame-context.tsx';
import { tableTime } from '../../../design/words/time-words.ts';
import { ValuePlot } from '../plots/value-plot.tsx';
import { PlotFrame } from '../plots/plot-frame.tsx';
import style from '../programmes.module.css';
import { valueWords } from './timeline.tsx';

const NUMBERS = new Set(['temperature', 'blood-pressure', 'count']);

/** Measured values and counts of one patient over time, each question for itself. */
export function NumberPlots({
  runs,
  document,
}: {
  readonly runs: readonly CheckInRun[];
  readonly document: Protocol | null;
}) {
  const { t, i18n } = useLingui();
  const frame = useTimeFrame();
  const language = i18n.locale === 'es' ? 'es' : 'en';
  const series = (document?.questions ?? [])
    .filter(({ kind }) => NUMBERS.has(kind))
    .map((question) => ({
      question,
      points: runs
        .toReversed()
        .flatMap((run) => answersOf(run, document))
        .filter(({ node, value }) => node === question.id && value.number !== null),
    }))
    .filter(({ points }) => points.length > 1);
  if (series.length === 0) return null;
  return (
    <Section title={t`Values over time`}>
      <div className={style['plots']}>
        {series.map(({ question, points }) => (
          <PlotFrame
            key={question.id}
            title={question.text[language]}
            plot={
              <ValuePlot
                points={points.map(({ at, value }) => ({
                  at,
                  value: value.number ?? 0,
                  second: value.second,
                }))}
                label={(at) =>
                  new Intl.DateTimeFormat(i18n.locale, { day: 'numeric', month: 'short' }).format(at)
                }
              />
            }
            columns={[t`When`, t`Value`]}
            rows={points.toReversed().map(({ at, value }) => [tableTime(at, frame), valueWords(value, null)])}
          />
        ))}
      </div>
    </Section>
  );
}
