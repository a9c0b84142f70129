import type { Visit } from '@baton/client';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { type FilterFacts, fitsFilter, VISIT_FILTERS, type VisitFilter } from './filter-visits.ts';
import style from './visits.module.css';

const NAMES: Readonly<Record<VisitFilter, MessageDescriptor>> = {
  all: msg`All`,
  unconfirmed: msg`Not confirmed`,
  'other-time': msg`Wants another time`,
  cancelled: msg`Cancelled`,
  missed: msg`No-show`,
  unclosed: msg`Came or not?`,
  'by-hand': msg`To enter by hand`,
  unreached: msg`Reminders do not reach them`,
};

/** What to look at, with how many there are: what has none is left out, unless it is chosen. */
export function FilterChips({
  visits,
  filter,
  facts,
  onChange,
}: {
  readonly visits: readonly Visit[];
  readonly filter: VisitFilter;
  readonly facts: FilterFacts;
  readonly onChange: (filter: VisitFilter) => void;
}) {
  const { t, i18n } = useLingui();
  const counts = VISIT_FILTERS.map(
    (one) => [one, visits.filter((visit) => fitsFilter(visit, one, facts)).length] as const,
  );
  // Nothing to choose from, and nothing chosen.
  if (visits.length === 0 && filter === 'all') return null;
  return (
    <div className={style['chips']} role="group" aria-label={t`Show only`}>
      {counts
        .filter(([one, count]) => one === 'all' || one === filter || count > 0)
        .map(([one, count]) => (
          <button
            key={one}
            type="button"
            className={style['chip']}
            aria-pressed={one === filter}
            onClick={() => onChange(one === filter ? 'all' : one)}
          >
            {i18n._(NAMES[one])} <span className={style['chip-count']}>{count}</span>
          </button>
        ))}
    </div>
  );
}
