import { CloseButton } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useId, useState } from 'react';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { isoDateWords } from '../../design/words/time-words.ts';
import { joinWords } from '../../design/words/join-words.ts';
import style from './appointments.module.css';

const SHOWN = 6;
const LEAST_LETTERS = 2;

export interface ChosenPatient {
  readonly ref: string;
  readonly name: string;
}

/** One patient of the registry, found by name, birth date or number. */
export function PatientChoice({
  label,
  patient,
  focusFirst = false,
  onChange,
}: {
  readonly label: string;
  readonly patient: ChosenPatient | null;
  readonly focusFirst?: boolean;
  readonly onChange: (patient: ChosenPatient | null) => void;
}) {
  const { t, i18n } = useLingui();
  const { patients } = useSession();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  if (patient !== null)
    return (
      <div className={style['chosen']} role="group" aria-label={label}>
        <span>
          <span className={style['field-label']}>{label}</span>
          <b>{patient.name}</b>
        </span>
        <CloseButton aria-label={t`Take out ${patient.name}`} onClick={() => onChange(null)} />
      </div>
    );
  const rows =
    query.trim().length < LEAST_LETTERS
      ? []
      : patients
          .search(query)
          .filter(({ deceased }) => !deceased)
          .slice(0, SHOWN);
  const at = Math.min(active, rows.length - 1);
  const choose = (row: ChosenPatient | undefined): void => {
    if (row) onChange({ ref: row.ref, name: row.name });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown') setActive(Math.min(at + 1, rows.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(at - 1, 0));
    else if (event.key === 'Enter') choose(rows[at]);
    else return;
    event.preventDefault();
  };
  return (
    <div className={style['find']}>
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
        combobox={{ listId, activeId: rows.length > 0 ? `${listId}-${at}` : null }}
      />
      <div className={style['found']} role="listbox" id={listId} aria-label={label}>
        {rows.map((row, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keyboard works from the search field (aria-activedescendant); an option never takes the focus
          <div
            key={row.ref}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            className={style['option']}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(row)}
          >
            <b>{row.name}</b>
            <span className={style['quiet']}>
              {joinWords([row.birthDate === null ? null : isoDateWords(row.birthDate, i18n.locale), row.mrn])}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
