import { Button, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useSession } from '../../../design/session/session-context.tsx';
import { isoDateWords } from '../../../design/words/time-words.ts';
import style from '../programmes.module.css';

const SHOWN = 6;
const LEAST_LETTERS = 2;

/** One patient of the registry; whoever has died is not offered. */
export function FindPatient({
  patient,
  onChange,
}: {
  readonly patient: string | null;
  readonly onChange: (ref: string | null) => void;
}) {
  const { t, i18n } = useLingui();
  const { patients } = useSession();
  const [query, setQuery] = useState('');
  if (patient !== null) {
    const record = patients.read(patient);
    const name = record ? [...record.given, record.family].join(' ') : patient;
    const born = record?.birthDate ? isoDateWords(record.birthDate, i18n.locale) : '';
    return (
      <p className={style['found-one']}>
        <b>{name}</b> <span className={style['quiet']}>{born}</span>
        <Button size="compact-sm" variant="subtle" onClick={() => onChange(null)}>
          <Trans>Somebody else</Trans>
        </Button>
      </p>
    );
  }
  const rows =
    query.trim().length < LEAST_LETTERS
      ? []
      : patients
          .search(query)
          .filter(({ deceased }) => !deceased)
          .slice(0, SHOWN);
  return (
    <div className={style['find']}>
      <TextInput
        label={t`Patient`}
        description={t`Name, date of birth or record number`}
        data-autofocus
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      <ul className={style['found']} aria-label={t`Patients found`}>
        {rows.map((row) => (
          <li key={row.ref}>
            <button type="button" onClick={() => onChange(row.ref)}>
              <b>{row.name}</b>
              <span className={style['quiet']}>
                {[row.birthDate === null ? null : isoDateWords(row.birthDate, i18n.locale), row.mrn]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
