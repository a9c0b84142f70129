import type { CareThread } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconPhoneIncoming, IconUserHeart } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { Virtualizer } from 'virtua';
import { useShortcut } from '../../design/keys/shortcuts.tsx';
import { RowSkeleton } from '../../design/primitives/after-delay.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './care-list.module.css';
import { CareRow } from './care-row.tsx';
import { VIEW_NAMES } from './care-words.ts';
import { CARE_VIEWS, type CareView, countIn, filterCare } from './filter-care.ts';

/** The shared inbox of patients' conversations: urgent first, then who waits longest. */
export function CareList({
  selected,
  header,
}: {
  readonly selected: string | null;
  readonly header: ReactNode;
}) {
  const { t } = useLingui();
  const session = useSession();
  const navigate = useNavigate();
  const threads = useLive(session.care.threads);
  const { ready, established } = useLive(session.care.state);
  const mine = useMine();
  const promisedMs = useLive(session.care.settings)?.withinMs ?? Number.POSITIVE_INFINITY;
  const [view, setView] = useState<CareView>('open');
  const [query, setQuery] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(
    () => filterCare(threads, { view, query, mine, keep: selected }),
    [threads, view, query, mine, selected],
  );
  const go = (step: 1 | -1): void => {
    const index = shown.findIndex(({ conversation }) => conversation === selected);
    const next = index === -1 ? shown[0] : shown[index + step];
    if (next) void navigate({ to: '/inbox/$conversation', params: { conversation: next.conversation } });
  };
  useShortcut('j', () => go(1));
  useShortcut('k', () => go(-1));
  return (
    <section className={style['list']} aria-label={t`Conversations with patients`}>
      {header}
      <div className={style['filters']}>
        <SearchField
          main
          label={t`Search patients' conversations`}
          clearLabel={t`Clear search`}
          value={query}
          onChange={setQuery}
        />
        <Views view={view} threads={threads} mine={mine} onChange={setView} />
      </div>
      <UnknownNumbers selected={selected} />
      <div ref={scroller} className={style['scroll']} tabIndex={-1}>
        {shown.length > 0 ? (
          <Virtualizer as="ul" item="li" scrollRef={scroller} data={shown} itemSize={84}>
            {(thread: CareThread) => (
              <CareRow
                key={thread.conversation}
                thread={thread}
                selected={thread.conversation === selected}
                promisedMs={promisedMs}
              />
            )}
          </Virtualizer>
        ) : (
          <Nothing ready={ready} established={established} searching={query !== ''} view={view} />
        )}
      </div>
    </section>
  );
}

const COUNTED: ReadonlySet<CareView> = new Set(['open', 'mine']);

/** My account and the roles that I hold. */
function useMine(): ReadonlySet<string> {
  const session = useSession();
  const me = useLive(session.me).account;
  const roles = useLive(session.directory.roles);
  return useMemo(
    () => new Set<string>([me, ...roles.filter(({ heldByMe }) => heldByMe).map(({ id }) => id)]),
    [me, roles],
  );
}

function Views({
  view,
  threads,
  mine,
  onChange,
}: {
  readonly view: CareView;
  readonly threads: readonly CareThread[];
  readonly mine: ReadonlySet<string>;
  readonly onChange: (view: CareView) => void;
}) {
  const { t, i18n } = useLingui();
  return (
    <div className={style['views']} role="radiogroup" aria-label={t`Which conversations`}>
      {CARE_VIEWS.map((choice) => {
        // Numbers count what somebody owes: who waits for the patient, or later, asks for nothing now.
        const count = COUNTED.has(choice) ? countIn(choice, threads, mine) : 0;
        return (
          <label key={choice} className={style['view']} data-on={choice === view || undefined}>
            <input
              type="radio"
              name="care-view"
              checked={choice === view}
              onChange={() => onChange(choice)}
            />
            {i18n._(VIEW_NAMES[choice])}
            {count > 0 && <span className={style['count']}>{count}</span>}
          </label>
        );
      })}
    </div>
  );
}

/** Texts that belong to nobody yet have an owner all the same, and a place above all others. */
function UnknownNumbers({ selected }: { readonly selected: string | null }) {
  const unknown = useLive(useSession().care.unknown);
  if (unknown.conversation === null) return null;
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: unknown.conversation }}
      className={style['unknown']}
      aria-current={selected === unknown.conversation ? 'page' : undefined}
      data-open={unknown.open > 0 || undefined}
    >
      <IconPhoneIncoming size={17} stroke={1.8} aria-hidden="true" />
      <span>
        <Trans>Unknown numbers</Trans>
      </span>
      <span className={style['count']}>{unknown.open}</span>
    </Link>
  );
}

function Nothing({
  ready,
  established,
  searching,
  view,
}: {
  readonly ready: boolean;
  readonly established: boolean;
  readonly searching: boolean;
  readonly view: CareView;
}) {
  const { t } = useLingui();
  const { patients } = useSession();
  const { count } = useLive(patients.state);
  if (!ready) return <RowSkeleton label={t`Loading patients' conversations`} />;
  if (searching)
    return (
      <EmptyState title={t`No conversation matches`}>
        <Trans>They are found by the patient's name, by topic and by the latest message.</Trans>
      </EmptyState>
    );
  if (!established)
    return (
      <EmptyState icon={<IconUserHeart size={28} stroke={1.5} />} title={t`Not set up yet`}>
        <Trans>An administrator sets up conversations with patients under Patients and texting.</Trans>
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<IconUserHeart size={28} stroke={1.5} />}
      title={view === 'open' || view === 'mine' ? t`Nobody is waiting` : t`None here`}
    >
      <Trans>
        Start a conversation from a patient's page: {plural(count, { one: '# patient', other: '# patients' })}{' '}
        in the registry.
      </Trans>
    </EmptyState>
  );
}
