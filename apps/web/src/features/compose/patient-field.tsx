import { CloseButton } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useId, useState } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { isoDateWords } from '../../design/words/time-words.ts';
import style from './ask-panel.module.css';

const SHOWN = 4;
/** Fewer letters find half the town. */
const LEAST_LETTERS = 2;

/** Whom it is about, from the registry: travels sealed with the ladder, so that whoever is reached knows. */
export function PatientField({
  patient,
  onChange,
}: {
  readonly patient: string | null;
  readonly onChange: (name: string | null) => void;
}) {
  const { t, i18n } = useLingui();
  const { patients } = useSession();
  const { available } = useLive(patients.state);
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  if (!available) return null;
  const rows = query.trim().length < LEAST_LETTERS ? [] : patients.search(query).slice(0, SHOWN);
  const at = Math.min(active, rows.length - 1);
  const choose = (name: string | null): void => {
    onChange(name);
    setQuery('');
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setActive(Math.min(at + 1, rows.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(at - 1, 0));
    else if (event.key === 'Enter') choose(rows[at]?.name ?? patient);
    else return;
    event.preventDefault();
  };
  return (
    <div className={style['row']}>
      <span className={style['word']}>
        <Trans>About</Trans>
      </span>
      {patient !== null ? (
        <span className={style['owner']}>
          <span className={style['owner-name']}>{patient}</span>
          <CloseButton size="xs" aria-label={t`Take out ${patient}`} onClick={() => choose(null)} />
        </span>
      ) : (
        <span className={style['patient']}>
          <input
            role="combobox"
            className={style['patient-field']}
            aria-label={t`Patient (optional)`}
            placeholder={t`Patient (optional)`}
            aria-expanded={rows.length > 0}
            aria-autocomplete="list"
            aria-controls={listId}
            aria-activedescendant={rows.length > 0 ? `${listId}-${at}` : undefined}
            autoComplete="off"
            spellCheck={false}
            value={query}
            onChange={(event) => {
              setQuery(event.currentTarget.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <span className={style['found']} role="listbox" id={listId} aria-label={t`Patients`}>
            {rows.map((row, index) => (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keyboard works from the field (aria-activedescendant); an option never takes the focus
              <span
                key={row.ref}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === at}
                className={style['option']}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(row.name)}
              >
                {row.name}
                {row.birthDate !== null && <span> {isoDateWords(row.birthDate, i18n.locale)}</span>}
              </span>
            ))}
          </span>
        </span>
      )}
    </div>
  );
}
