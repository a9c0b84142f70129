import { CSV_DATE_FORMATS, CSV_FIELDS, type CsvDryRun, type CsvField } from '@baton/client';
import { APPOINTMENT_STATUSES, type AppointmentStatus, type CsvMapping } from '@baton/wire';
import { NativeSelect } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import style from '../appointments.module.css';
import { STATUS_WORDS } from '../../../design/visits/visit-words.ts';
import { FIELD_NAMES } from './field-names.ts';

/** Which column of the file is what, how it writes dates, and what its words for a status mean. */
export function MappingFields({
  mapping,
  run,
  onChange,
}: {
  readonly mapping: CsvMapping;
  readonly run: CsvDryRun;
  readonly onChange: (mapping: CsvMapping) => void;
}) {
  const { t, i18n } = useLingui();
  const setColumn = (field: CsvField, column: string): void => {
    const others = Object.entries(mapping.columns).filter(([name]) => name !== field);
    onChange({
      ...mapping,
      columns: Object.fromEntries(column === '' ? others : [...others, [field, column]]),
    });
  };
  const unknown = useUnknownWords(run);
  const words = [...new Set([...Object.keys(mapping.statuses), ...unknown])];
  return (
    <>
      <div className={style['columns']}>
        {CSV_FIELDS.map((field) => (
          <NativeSelect
            key={field}
            size="sm"
            label={i18n._(FIELD_NAMES[field])}
            value={mapping.columns[field] ?? ''}
            onChange={(event) => setColumn(field, event.currentTarget.value)}
            data={[{ value: '', label: t`not in the file` }, ...run.columns]}
          />
        ))}
      </div>
      <div className={style['columns']}>
        <NativeSelect
          size="sm"
          label={t`How dates are written`}
          value={mapping.dateFormat}
          onChange={(event) => onChange({ ...mapping, dateFormat: event.currentTarget.value })}
          data={CSV_DATE_FORMATS.map((format) => ({ value: format, label: EXAMPLES[format] }))}
        />
        <NativeSelect
          size="sm"
          label={t`Time zone of the times`}
          value={mapping.timeZone}
          onChange={(event) => onChange({ ...mapping, timeZone: event.currentTarget.value })}
          data={[...new Set([mapping.timeZone, ...Intl.supportedValuesOf('timeZone')])]}
        />
      </div>
      {words.length > 0 && (
        <fieldset className={style['plain-set']}>
          <legend>{t`What its words for a status mean`}</legend>
          <div className={style['columns']}>
            {words.map((word) => (
              <NativeSelect
                key={word}
                size="sm"
                label={`“${word}”`}
                value={mapping.statuses[word] ?? ''}
                error={mapping.statuses[word] === undefined ? t`Choose what it means.` : undefined}
                onChange={(event) => {
                  const status = event.currentTarget.value as AppointmentStatus;
                  onChange({ ...mapping, statuses: { ...mapping.statuses, [word]: status } });
                }}
                data={[
                  ...(mapping.statuses[word] === undefined ? [{ value: '', label: '–' }] : []),
                  ...APPOINTMENT_STATUSES.map((status) => ({
                    value: status,
                    label: i18n._(STATUS_WORDS[status]),
                  })),
                ]}
              />
            ))}
          </div>
        </fieldset>
      )}
    </>
  );
}

/** The same day, said in each form. */
const EXAMPLES = {
  'yyyy-MM-dd': '2026-11-24',
  'MM/dd/yyyy': '11/24/2026',
  'dd/MM/yyyy': '24/11/2026',
} as const;

function useUnknownWords(run: CsvDryRun): readonly string[] {
  return useMemo(() => {
    const found = run.rows.flatMap(({ problems }) =>
      problems.flatMap(({ code, value }) => (code === 'status' ? [value] : [])),
    );
    return [...new Set(found)].slice(0, 30);
  }, [run]);
}
