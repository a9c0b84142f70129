import type { PatientRow } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { Virtualizer } from 'virtua';
import { RowSkeleton } from '../../design/primitives/after-delay.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { isoDateWords } from '../../design/words/time-words.ts';
import { GENDER_NAMES } from './gender-names.ts';
import style from './patients.module.css';

export function PatientList({
  selected,
  ready,
  tools,
}: {
  readonly selected: string | null;
  readonly ready: boolean;
  readonly tools?: ReactNode;
}) {
  const { t } = useLingui();
  const { patients } = useSession();
  const rows = useLive(patients.rows);
  const [query, setQuery] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => (query.trim() === '' ? rows : patients.search(query)), [patients, rows, query]);
  return (
    <section className={style['list']} aria-labelledby="patients-title">
      <PaneHeader
        level={selected === null ? 1 : 2}
        titleId="patients-title"
        title={<Trans>Patients</Trans>}
        after={tools}
      />
      <div className={style['filters']}>
        <SearchField
          main
          label={t`Name, birth date, record number, phone`}
          clearLabel={t`Clear search`}
          value={query}
          onChange={setQuery}
        />
      </div>
      <div ref={scroller} className={style['scroll']} tabIndex={-1}>
        {shown.length > 0 ? (
          <Virtualizer as="ul" item="li" scrollRef={scroller} data={shown} itemSize={58}>
            {(row: PatientRow) => <PatientLink key={row.ref} row={row} selected={row.ref === selected} />}
          </Virtualizer>
        ) : ready ? (
          <NoPatients searching={query.trim() !== ''} />
        ) : (
          <RowSkeleton label={t`Opening the registry`} />
        )}
      </div>
    </section>
  );
}

function PatientLink({ row, selected }: { readonly row: PatientRow; readonly selected: boolean }) {
  const { t, i18n } = useLingui();
  const age = row.age;
  const facts = [
    row.birthDate === null ? null : isoDateWords(row.birthDate, i18n.locale),
    age === null ? null : t`${age} y`,
    row.gender === null ? null : i18n._(GENDER_NAMES[row.gender]),
  ].filter((fact) => fact !== null);
  return (
    <Link
      to="/patients"
      hash={row.ref}
      activeOptions={{ includeHash: true }}
      className={style['row']}
      aria-current={selected ? 'page' : undefined}
    >
      <span className={style['name']}>
        {row.name}
        {row.deceased && (
          <span className={style['deceased']}>
            <Trans>deceased</Trans>
          </span>
        )}
      </span>
      <span className={style['facts']}>{facts.join(' · ')}</span>
    </Link>
  );
}

function NoPatients({ searching }: { readonly searching: boolean }) {
  const { t } = useLingui();
  return searching ? (
    <EmptyState title={t`No patient found`}>
      <Trans>Try a part of the name, a birth date, a record number or a phone number.</Trans>
    </EmptyState>
  ) : (
    <EmptyState title={t`The registry is empty`}>
      <Trans>Patients appear here when your practice imports them.</Trans>
    </EmptyState>
  );
}
