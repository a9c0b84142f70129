import type { Member } from '@baton/client';
import { SegmentedControl } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { Virtualizer } from 'virtua';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { MemberLine } from '../../design/primitives/member-line.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './directory.module.css';

type Which = 'all' | 'roles' | 'people';

export function DirectoryList({ selected }: { readonly selected: string | null }) {
  const { t, i18n } = useLingui();
  const { directory } = useSession();
  const people = useLive(directory.people);
  const roles = useLive(directory.roles);
  const [query, setQuery] = useState('');
  const [which, setWhich] = useState<Which>('all');
  const scroller = useRef<HTMLDivElement>(null);

  const shown = useMemo(() => {
    const byName = (a: Member, b: Member): number => a.name.localeCompare(b.name, i18n.locale);
    const all: readonly Member[] =
      query.trim() === ''
        ? [...roles.toSorted(byName), ...people.filter(({ active }) => active).toSorted(byName)]
        : directory.search(query);
    return all.filter((member) => which === 'all' || (member.kind === 'role') === (which === 'roles'));
  }, [directory, people, roles, query, which, i18n.locale]);

  return (
    <section className={style['list']} aria-labelledby="directory-title">
      <PaneHeader
        level={selected === null ? 1 : 2}
        titleId="directory-title"
        title={<Trans>Directory</Trans>}
      />
      <div className={style['filters']}>
        <SearchField
          main
          label={t`Search people and roles`}
          clearLabel={t`Clear search`}
          value={query}
          onChange={setQuery}
        />
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t`What to show`}
          value={which}
          onChange={(value) => setWhich(value)}
          data={[
            { value: 'all', label: t`All` },
            { value: 'roles', label: t`Roles` },
            { value: 'people', label: t`People` },
          ]}
        />
      </div>
      <div ref={scroller} className={style['scroll']} tabIndex={-1}>
        {shown.length === 0 ? (
          <EmptyState title={t`Nobody found`}>
            <Trans>Try a name, a job, a role or a unit.</Trans>
          </EmptyState>
        ) : (
          <Virtualizer as="ul" item="li" scrollRef={scroller} data={shown} itemSize={58}>
            {(member: Member) => (
              <Link
                key={member.id}
                to="/directory/$member"
                params={{ member: member.id }}
                className={style['row']}
                aria-current={member.id === selected ? 'page' : undefined}
              >
                <MemberLine member={member} />
              </Link>
            )}
          </Virtualizer>
        )}
      </div>
    </section>
  );
}
