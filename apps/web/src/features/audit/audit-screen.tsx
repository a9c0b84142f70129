import type { AuditRow } from '@baton/client';
import { Button, Group, NativeSelect, SegmentedControl } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { RowSkeleton } from '../../design/primitives/after-delay.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { Page } from '../../design/primitives/pane.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { SearchField } from '../../design/primitives/search-field.tsx';
import style from './audit.module.css';
import { AuditTable } from './audit-table.tsx';
import { type AuditFilter, filterAudit, NO_FILTER } from './filter-audit.ts';
import { useAuditTrail } from './use-audit-trail.ts';

/** Who did what, when: the append-only record, checked here before it is shown. */
export function AuditScreen() {
  const { t } = useLingui();
  const trail = useAuditTrail();
  const { rows, size, verified, failure, load } = trail;
  const [filter, setFilter] = useState<AuditFilter>(NO_FILTER);
  usePageTitle(t`Audit`);
  useEffect(() => load(), [load]);
  const shown = useMemo(() => filterAudit(rows, filter), [rows, filter]);
  return (
    <Page wide title={t`Audit`} summary={<Summary rows={rows} size={size} verified={verified} />}>
      <Filters rows={rows} filter={filter} onChange={setFilter} />
      <FailureNotice sentence={failure} />
      {rows.length === 0 && trail.busy && <RowSkeleton label={t`Loading the record`} />}
      {rows.length > 0 && shown.length === 0 && (
        <EmptyState title={t`Nothing matches`}>
          <Trans>The filter looks at the events that are loaded. Load older ones, or ask for less.</Trans>
        </EmptyState>
      )}
      {shown.length > 0 && <AuditTable rows={shown} />}
      {rows.length < size && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={trail.busy} onClick={load}>
            <Trans>Load older events</Trans>
          </Button>
        </Group>
      )}
    </Page>
  );
}

function Summary({
  rows,
  size,
  verified,
}: {
  readonly rows: readonly AuditRow[];
  readonly size: number;
  readonly verified: boolean | null;
}) {
  const { t } = useLingui();
  const refused = rows.filter(({ outcome }) => outcome !== 'ok').length;
  const loaded = rows.length;
  return (
    <span className={style['summary']}>
      <span>
        {t`${plural(size, { one: '# event', other: '# events' })} on record, the newest ${loaded} shown, ${plural(
          refused,
          { 0: 'none of them refused', one: '# of them refused', other: '# of them refused' },
        )}.`}
      </span>
      {verified !== null && (
        <span className={style['mark']} data-good={verified || undefined}>
          {verified ? (
            <IconShieldCheck size={18} stroke={1.8} aria-hidden="true" />
          ) : (
            <IconShieldX size={18} stroke={1.8} aria-hidden="true" />
          )}
          {verified ? (
            <Trans>Verified: this page belongs to the append-only record.</Trans>
          ) : (
            <Trans>Not verified: this page does not fit the record. Do not rely on it.</Trans>
          )}
        </span>
      )}
    </span>
  );
}

function Filters({
  rows,
  filter,
  onChange,
}: {
  readonly rows: readonly AuditRow[];
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}) {
  const { t, i18n } = useLingui();
  const actors = useMemo(
    () =>
      [...new Set(rows.map(({ actorName }) => actorName))].sort((a, b) => a.localeCompare(b, i18n.locale)),
    [rows, i18n.locale],
  );
  return (
    <div className={style['filters']}>
      <SearchField
        main
        label={t`Search actions and names`}
        clearLabel={t`Clear search`}
        value={filter.query}
        onChange={(query) => onChange({ ...filter, query })}
      />
      <NativeSelect
        size="sm"
        aria-label={t`Person`}
        value={filter.actor}
        onChange={(event) => onChange({ ...filter, actor: event.currentTarget.value })}
        data={[{ value: '', label: t`Everybody` }, ...actors.map((name) => ({ value: name, label: name }))]}
      />
      <SegmentedControl
        size="xs"
        aria-label={t`Outcome`}
        value={filter.outcome}
        onChange={(outcome) => onChange({ ...filter, outcome })}
        data={[
          { value: 'all', label: t`All` },
          { value: 'refused', label: t`Refused or failed` },
        ]}
      />
    </div>
  );
}
