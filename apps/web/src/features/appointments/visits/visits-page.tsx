import type { Visit, WhyUnreached } from '@baton/client';
import { Button, SegmentedControl } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCalendarPlus, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { IconAction } from '../../../design/primitives/icon-action.tsx';
import { SearchField } from '../../../design/primitives/search-field.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { dayTitle } from '../../../design/words/time-words.ts';
import { BookDialog } from '../book/book-dialog.tsx';
import { useUndo } from '../undo-line.tsx';
import { usePractice } from '../use-practice.ts';
import { dayAt, type DaySpan, dayOfText, dayText, spanOf } from './day-span.ts';
import { fitsFilter, fitsWords, type VisitFilter, visitsBetween } from './filter-visits.ts';
import { FilterChips } from './filter-chips.tsx';
import { UnstartedNotice } from './unstarted-notice.tsx';
import { useUnreached } from './use-unreached.ts';
import { VisitRow } from './visit-row.tsx';
import style from './visits.module.css';

/** The visits of a day or a week, what patients answered, and what is said to them. */
export function VisitsPage() {
  const { t } = useLingui();
  const { appointments } = useSession();
  const all = useLive(appointments.visits);
  const { timeZone } = usePractice();
  const now = useNow();
  const [day, setDay] = useState(() => dayAt(now, timeZone));
  const [view, setView] = useState<View>('day');
  const [filter, setFilter] = useState<VisitFilter>('all');
  const [query, setQuery] = useState('');
  const [booking, setBooking] = useState(false);
  const { offer, line } = useUndo();
  const span = useMemo(() => spanOf(day, view, timeZone), [day, view, timeZone]);
  const inSpan = useMemo(() => visitsBetween(all, span.from, span.until), [all, span]);
  const unreached = useUnreached(inSpan);
  const facts = { now, unreached };
  const shown = inSpan.filter((visit) => fitsFilter(visit, filter, facts) && fitsWords(visit, query));
  return (
    <>
      <div className={style['tools']}>
        <DayTools day={day} view={view} onDay={setDay} onView={setView} />
        <div className={style['search']}>
          <SearchField
            main
            label={t`Search these visits`}
            clearLabel={t`Clear search`}
            value={query}
            onChange={setQuery}
          />
        </div>
        <Button
          leftSection={<IconCalendarPlus size={18} stroke={1.7} aria-hidden="true" />}
          onClick={() => setBooking(true)}
        >
          <Trans>Book a visit</Trans>
        </Button>
      </div>
      <FilterChips visits={inSpan} filter={filter} facts={facts} onChange={setFilter} />
      {line}
      <UnstartedNotice visits={all} />
      <DayLists
        span={span}
        visits={shown}
        unreached={unreached}
        nothing={
          <Nothing
            hasAny={inSpan.length > 0}
            hasEver={all.length > 0}
            next={visitsBetween(all, span.until, Number.POSITIVE_INFINITY)[0] ?? null}
            onNext={(start) => setDay(dayAt(start, timeZone))}
            onBook={() => setBooking(true)}
          />
        }
        offer={offer}
      />
      {booking && (
        <BookDialog
          onClose={() => setBooking(false)}
          onBooked={(id, start) => {
            setDay(dayAt(start, timeZone));
            offer(t`Booked.`, () => appointments.setStatus(id, 'cancelled'));
          }}
        />
      )}
    </>
  );
}

type View = 'day' | 'week';

/** Which days are shown. */
function DayTools({
  day,
  view,
  onDay,
  onView,
}: {
  readonly day: number;
  readonly view: View;
  readonly onDay: (day: number) => void;
  readonly onView: (view: View) => void;
}) {
  const { t } = useLingui();
  const { timeZone } = usePractice();
  const now = useNow();
  const step = view === 'day' ? 1 : 7;
  return (
    <div className={style['days']}>
      <IconAction label={view === 'day' ? t`Day before` : t`Week before`} onClick={() => onDay(day - step)}>
        <IconChevronLeft size={20} stroke={1.8} />
      </IconAction>
      <input
        type="date"
        className={style['date']}
        aria-label={t`Day`}
        value={dayText(day)}
        onChange={(event) => onDay(dayOfText(event.currentTarget.value) ?? day)}
      />
      <IconAction label={view === 'day' ? t`Day after` : t`Week after`} onClick={() => onDay(day + step)}>
        <IconChevronRight size={20} stroke={1.8} />
      </IconAction>
      <Button variant="default" size="sm" onClick={() => onDay(dayAt(now, timeZone))}>
        <Trans>Today</Trans>
      </Button>
      <SegmentedControl
        size="sm"
        aria-label={t`Shown at once`}
        value={view}
        onChange={(value) => onView(value === 'week' ? 'week' : 'day')}
        data={[
          { value: 'day', label: t`Day` },
          { value: 'week', label: t`Week` },
        ]}
      />
    </div>
  );
}

function DayLists({
  span,
  visits,
  unreached,
  nothing,
  offer,
}: {
  readonly span: DaySpan;
  readonly visits: readonly Visit[];
  readonly unreached: ReadonlyMap<string, WhyUnreached>;
  readonly nothing: React.ReactNode;
  readonly offer: ReturnType<typeof useUndo>['offer'];
}) {
  const { frame } = usePractice();
  const now = useNow();
  const [open, setOpen] = useState<string | null>(null);
  const days = span.midnights.slice(0, -1).flatMap((from, index) => {
    const here = visitsBetween(visits, from, span.midnights[index + 1] ?? from);
    return here.length > 0 ? [{ from, here }] : [];
  });
  if (days.length === 0) return nothing;
  return days.map(({ from, here }) => {
    const came = here.length;
    return (
      <section key={from} className={style['day']}>
        <div className={style['day-head']}>
          <h2>{dayTitle(from, now, frame)}</h2>
          <span className={style['quiet']}>{plural(came, { one: '# visit', other: '# visits' })}</span>
        </div>
        <ul className={style['list']}>
          {here.map((visit) => (
            <VisitRow
              key={visit.appointment.id}
              visit={visit}
              unreached={unreached.get(visit.appointment.id) ?? null}
              open={open === visit.appointment.id}
              onToggle={() => setOpen(open === visit.appointment.id ? null : visit.appointment.id)}
              offer={offer}
            />
          ))}
        </ul>
      </section>
    );
  });
}

function Nothing({
  hasAny,
  hasEver,
  next,
  onNext,
  onBook,
}: {
  readonly hasAny: boolean;
  readonly hasEver: boolean;
  /** The first one after these days; null: there is none. */
  readonly next: Visit | null;
  readonly onNext: (start: number) => void;
  readonly onBook: () => void;
}) {
  const { t } = useLingui();
  const { frame } = usePractice();
  const now = useNow();
  const day = next === null ? null : dayTitle(next.appointment.start, now, frame);
  if (hasAny)
    return (
      <p className={style['none']}>
        <Trans>No visit here fits what you chose.</Trans>
      </p>
    );
  return (
    <EmptyState
      title={hasEver ? t`No visits in these days` : t`No visits yet`}
      action={
        next === null ? (
          <Button variant="light" onClick={onBook}>
            <Trans>Book a visit</Trans>
          </Button>
        ) : (
          <Button variant="light" onClick={() => onNext(next.appointment.start)}>
            {t`Next visits: ${day}`}
          </Button>
        )
      }
    >
      {hasEver ? undefined : (
        <Trans>
          Connect your record system or take in a file under “Sources”, or book the first visit by hand.
        </Trans>
      )}
    </EmptyState>
  );
}
