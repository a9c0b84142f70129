import type { Member } from '@baton/client';
import { CloseButton } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { Face } from './face.tsx';
import { MemberLine } from './member-line.tsx';
import style from './member-picker.module.css';
import { SearchField } from './search-field.tsx';

export interface MemberPickerProps {
  readonly label: string;
  readonly chosen: readonly Member[];
  readonly onChange: (chosen: readonly Member[]) => void;
  /** Best first; called with an empty text for what to show before anything is typed. */
  readonly search: (query: string) => readonly Member[];
  readonly focusFirst?: boolean;
  /** Under the list. */
  readonly hint?: ReactNode;
}

const SHOWN = 40;

/** Finds people and roles and gathers them: a combobox whose list is always open. */
export function MemberPicker({
  label,
  chosen,
  onChange,
  search,
  focusFirst = false,
  hint,
}: MemberPickerProps) {
  const { t } = useLingui();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(
    () => search(query).filter((member) => !chosen.some(({ id }) => id === member.id)),
    [search, query, chosen],
  );
  const shown = found.slice(0, SHOWN);
  const at = Math.min(active, shown.length - 1);
  const add = (member: Member | undefined): void => {
    if (member === undefined) return;
    onChange([...chosen, member]);
    setQuery('');
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown') setActive(Math.min(at + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(at - 1, 0));
    else if (event.key === 'Enter') add(shown[at]);
    else if (event.key === 'Backspace' && query === '') onChange(chosen.slice(0, -1));
    else return;
    if (event.key !== 'Backspace') event.preventDefault();
  };
  return (
    <div className={style['picker']}>
      {chosen.length > 0 && (
        <ul className={style['chips']} aria-label={t`Chosen`}>
          {chosen.map((member) => {
            const { name } = member;
            return (
              <li key={member.id} className={style['chip']}>
                <Face member={member} size="small" />
                {name}
                <CloseButton
                  size="sm"
                  aria-label={t`Take out ${name}`}
                  onClick={() => onChange(chosen.filter(({ id }) => id !== member.id))}
                />
              </li>
            );
          })}
        </ul>
      )}
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
        {shown.map((member, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keyboard works from the search field (aria-activedescendant); an option never takes the focus
          <div
            key={member.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            className={style['option']}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => add(member)}
          >
            <MemberLine member={member} />
          </div>
        ))}
      </div>
      {shown.length === 0 && (
        <p className={style['none']}>
          <Trans>Nobody found. Try a name, a job or a unit.</Trans>
        </p>
      )}
      {hint}
    </div>
  );
}
