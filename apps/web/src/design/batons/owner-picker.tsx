import type { Owner } from '@baton/client';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { SearchField } from '../primitives/search-field.tsx';
import { useSession } from '../session/session-context.tsx';
import { useLive } from '../session/use-live.ts';
import { foldText } from '../words/fold-text.ts';
import style from './owner-picker.module.css';
import { OwnerFace, useOwnerAbout } from './owner-words.tsx';

const SHOWN = 6;

/** Finds the one person, role or queue that takes something over. */
export function OwnerPicker({
  label,
  chosen,
  suggested = [],
  without = [],
  focusFirst = false,
  onChange,
}: {
  readonly label: string;
  readonly chosen: Owner | null;
  /** Shown before anything is typed. */
  readonly suggested?: readonly Owner[];
  /** Never offered: who has it already. */
  readonly without?: readonly string[];
  readonly focusFirst?: boolean;
  readonly onChange: (owner: Owner | null) => void;
}) {
  const { t } = useLingui();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const search = useOwnerSearch();
  const shown = useMemo(() => {
    const found = query.trim() === '' && suggested.length > 0 ? suggested : search(query);
    return found.filter(({ id }) => !without.includes(id)).slice(0, SHOWN);
  }, [query, suggested, search, without]);
  const at = Math.min(active, shown.length - 1);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown') setActive(Math.min(at + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(at - 1, 0));
    else if (event.key === 'Enter') onChange(shown[at] ?? null);
    else return;
    event.preventDefault();
  };
  if (chosen !== null) return <ChosenOwner label={label} owner={chosen} onChange={onChange} />;
  return (
    <div className={style['picker']}>
      <SearchField
        label={label}
        clearLabel={t`Clear search`}
        value={query}
        focusFirst={focusFirst}
        onChange={(text) => {
          setQuery(text);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        combobox={{ listId, activeId: shown.length > 0 ? `${listId}-${at}` : null }}
      />
      <div className={style['list']} role="listbox" id={listId} aria-label={label}>
        {shown.map((owner, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keyboard works from the search field (aria-activedescendant); an option never takes the focus
          <div
            key={owner.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            className={style['option']}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChange(owner)}
          >
            <OwnerRow owner={owner} />
          </div>
        ))}
      </div>
      {shown.length === 0 && (
        <p className={style['none']}>
          <Trans>Nobody found. Try a name, a job or a unit.</Trans>
        </p>
      )}
    </div>
  );
}

function ChosenOwner({
  label,
  owner,
  onChange,
}: {
  readonly label: string;
  readonly owner: Owner;
  readonly onChange: (owner: Owner | null) => void;
}) {
  return (
    <div className={style['chosen']} role="group" aria-label={label}>
      <OwnerRow owner={owner} />
      <Button size="compact-sm" variant="subtle" onClick={() => onChange(null)}>
        <Trans>Change</Trans>
      </Button>
    </div>
  );
}

function OwnerRow({ owner }: { readonly owner: Owner }) {
  const about = useOwnerAbout(owner);
  return (
    <span className={style['row']}>
      <OwnerFace owner={owner} />
      <span className={style['words']}>
        <b>{owner.name}</b>
        {about !== '' && <span className={style['about']}>{about}</span>}
      </span>
    </span>
  );
}

/** People, roles and queues by name, job or unit. Patients and assistants are never accountable. */
function useOwnerSearch(): (query: string) => readonly Owner[] {
  const session = useSession();
  const queues = useLive(session.duty.queues);
  const me = useLive(session.me).account;
  return useMemo(
    () => (query: string) => {
      const words = foldText(query).trim();
      const named = queues
        .filter(({ active, name }) => active && foldText(name).includes(words))
        .map(({ queue }) => session.duty.owner(queue))
        .filter((owner) => owner !== null);
      const members = session.directory
        .search(query)
        .filter((member) => member.kind === 'role' || (member.kind === 'person' && member.active))
        .filter(({ id }) => id !== me);
      return words === '' ? [...members, ...named] : [...named, ...members];
    },
    [session, queues, me],
  );
}
