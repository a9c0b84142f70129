import type { Schedule } from '@baton/wire';
import { Trans } from '@lingui/react/macro';
import { useMemo } from 'react';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { DayPlot } from '../plot/day-plot.tsx';
import style from './schedule.module.css';
import { weeklySpans } from './weekly-spans.ts';
import { deviceTimeZone, midnights } from './zoned-time.ts';

const DAYS = 14;

/** What the schedule comes to in the coming two weeks, without covers. */
export function SchedulePreview({ schedule }: { readonly schedule: Schedule }) {
  const { directory } = useSession();
  const now = useNow(60_000);
  const [today = 0] = midnights(now, 0, deviceTimeZone());
  const edges = useMemo(() => midnights(today, DAYS, deviceTimeZone()), [today]);
  const spans = useMemo(
    () =>
      weeklySpans(schedule, edges[0] ?? 0, edges.at(-1) ?? 0).map((span) => ({
        ...span,
        name: directory.member(span.account)?.name ?? '?',
        by: 'schedule' as const,
      })),
    [schedule, edges, directory],
  );
  return (
    <div className={style['preview']}>
      <h4>
        <Trans>The coming two weeks, as it would be</Trans>
      </h4>
      <DayPlot spans={spans} midnights={edges} />
    </div>
  );
}
