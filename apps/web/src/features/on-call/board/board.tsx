import type { DutyRow } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCalendarTime } from '@tabler/icons-react';
import { Fragment, useMemo, useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { SearchField } from '../../../design/primitives/search-field.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { Establish } from '../organisation/establish.tsx';
import { deviceTimeZone, midnights } from '../schedule/zoned-time.ts';
import { MyAvailability } from './availability.tsx';
import style from './board.module.css';
import { BoardRow, WeekAxis } from './board-row.tsx';
import { type BoardFilter, groupByUnit, needsAttention } from './filter-rows.ts';

const DAYS = 7;

/** Every role: who is on duty, until when, who comes next, and the week as a plot. */
export function Board() {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const rows = useLive(duty.roles);
  // Room for names, who is on duty, and seven days that can be told apart.
  const wide = useMediaQuery('(min-width: 60em)', undefined, { getInitialValueInEffect: false });
  const [query, setQuery] = useState('');
  const [which, setWhich] = useState<BoardFilter>('all');
  const days = useWeek();
  const groups = useMemo(
    () => groupByUnit(rows, { query, which, locale: i18n.locale }),
    [rows, query, which, i18n.locale],
  );
  const attention = rows.filter(needsAttention).length;
  return (
    <>
      <Summary rows={rows} />
      <Establish />
      <MyAvailability />
      <div className={style['filters']}>
        <SearchField
          main
          label={t`Search roles, units and people`}
          clearLabel={t`Clear search`}
          value={query}
          onChange={setQuery}
        />
        <SegmentedControl
          size="xs"
          aria-label={t`What to show`}
          value={which}
          onChange={setWhich}
          data={[
            { value: 'all', label: t`All` },
            { value: 'mine', label: t`Mine` },
            { value: 'attention', label: attention === 0 ? t`Needs a look` : t`Needs a look (${attention})` },
          ]}
        />
      </div>
      {groups.length === 0 ? (
        <NoRows any={rows.length > 0} />
      ) : (
        <div className={style['board']} data-plot={wide || undefined}>
          {wide && <WeekAxis midnights={days} />}
          {groups.map(({ unit, rows: members }) => (
            <Fragment key={unit ?? ''}>
              <h2 className={style['unit']}>{unit ?? t`Whole organisation`}</h2>
              <ul className={style['rows']} aria-label={unit ?? t`Whole organisation`}>
                {members.map((row) => (
                  <BoardRow key={row.role.id} row={row} midnights={wide ? days : null} />
                ))}
              </ul>
            </Fragment>
          ))}
        </div>
      )}
    </>
  );
}

/** Seven days from today on, by the clock of this device. */
function useWeek(): readonly number[] {
  const now = useNow(60_000);
  const [first = 0] = midnights(now, 0, deviceTimeZone());
  return useMemo(() => midnights(first, DAYS, deviceTimeZone()), [first]);
}

function Summary({ rows }: { readonly rows: readonly DutyRow[] }) {
  const { t } = useLingui();
  const empty = rows.filter(({ onDuty }) => onDuty.length === 0).length;
  const roles = plural(rows.length, { one: '# role', other: '# roles' });
  const nobody = plural(empty, {
    0: 'Every one has somebody on duty now.',
    one: '# has nobody on duty now.',
    other: '# have nobody on duty now.',
  });
  if (rows.length === 0) return null;
  return <p className={style['summary']}>{t`${roles}. ${nobody}`}</p>;
}

function NoRows({ any }: { readonly any: boolean }) {
  const { t } = useLingui();
  if (any) {
    return (
      <EmptyState title={t`No role found`}>
        <Trans>Try a role, a unit or a name.</Trans>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<IconCalendarTime size={28} stroke={1.5} />} title={t`No roles yet`}>
      <Trans>
        A role is a function that people cover, shift by shift. An administrator defines it under People and
        roles.
      </Trans>
    </EmptyState>
  );
}
