import type { DutySpan } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { ExactTime } from '../../../design/primitives/exact-time.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { clockTime, dayKey, weekdayWord } from '../../../design/words/time-words.ts';
import style from './plot.module.css';

/** The same as the plot, to read. */
export function SpanTable({ spans, label }: { readonly spans: readonly DutySpan[]; readonly label: string }) {
  const { t } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const time = (at: number, beside: number | null): string =>
    beside !== null && dayKey(at, frame) === dayKey(beside, frame)
      ? clockTime(at, frame)
      : `${weekdayWord(at, frame)} ${clockTime(at, frame)}`;
  if (spans.length === 0) {
    return (
      <p className={style['nobody']}>
        <Trans>Nobody is planned in these days.</Trans>
      </p>
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long table scrolls and has to be reachable by keyboard
    <div className={style['table-wrap']} tabIndex={0} role="region" aria-label={label}>
      <table className={style['table']}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Who</Trans>
            </th>
            <th scope="col">
              <Trans>From</Trans>
            </th>
            <th scope="col">
              <Trans>To</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {spans.map((span) => (
            <tr
              key={`${span.account} ${span.by} ${span.from}`}
              data-now={(span.from <= now && span.until > now) || undefined}
            >
              <th scope="row">
                {span.name}
                {span.by === 'cover' && <span className={style['by']}> · {t`cover`}</span>}
              </th>
              <td>
                <ExactTime at={span.from}>{time(span.from, null)}</ExactTime>
              </td>
              <td>
                <ExactTime at={span.until}>{time(span.until, span.from)}</ExactTime>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
