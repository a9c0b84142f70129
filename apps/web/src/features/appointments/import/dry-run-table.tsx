import { CSV_FIELDS, type CsvDryRun, type CsvField, type CsvProblem, type CsvRow } from '@baton/client';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconAlertTriangle, IconEqual, IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTimeFrame } from '../../../design/session/frame-context.tsx';
import { tableTime } from '../../../design/words/time-words.ts';
import { joinWords } from '../../../design/words/join-words.ts';
import { TableWrap } from '../table-wrap.tsx';
import style from '../appointments.module.css';
import { STATUS_WORDS } from '../../../design/visits/visit-words.ts';
import { FIELD_NAMES, PROBLEM_WORDS } from './field-names.ts';

type What = CsvRow['what'];

const WORDS: Readonly<Record<What, MessageDescriptor>> = {
  error: msg`Left out`,
  new: msg`New`,
  changed: msg`Changed`,
  same: msg`As before`,
};
const ICONS = { error: IconAlertTriangle, new: IconPlus, changed: IconPencil, same: IconEqual } as const;
const ORDER: readonly What[] = ['error', 'new', 'changed', 'same'];
const SHOWN = 200;

/** What taking the file in would do, line by line; what would be left out stands first, with why. */
export function DryRunTable({ run }: { readonly run: CsvDryRun }) {
  const { t, i18n } = useLingui();
  const [only, setOnly] = useState<What | null>(null);
  const rows = run.rows
    .filter(({ what }) => only === null || what === only)
    .toSorted((a, b) => ORDER.indexOf(a.what) - ORDER.indexOf(b.what) || a.line - b.line);
  const more = rows.length - SHOWN;
  return (
    <>
      <div className={style['chips']} role="group" aria-label={t`Show only`}>
        {ORDER.map((what) => (
          <button
            key={what}
            type="button"
            className={style['chip']}
            aria-pressed={only === what}
            onClick={() => setOnly(only === what ? null : what)}
          >
            {i18n._(WORDS[what])} <span className={style['chip-count']}>{run.counts[what]}</span>
          </button>
        ))}
      </div>
      <TableWrap label={t`Lines of the file`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Line</Trans>
            </th>
            <th scope="col">
              <Trans>What happens</Trans>
            </th>
            <th scope="col">
              <Trans>Patient</Trans>
            </th>
            <th scope="col">
              <Trans>When</Trans>
            </th>
            <th scope="col">
              <Trans>Visit</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row) => (
            <Line key={row.line} row={row} />
          ))}
        </tbody>
      </TableWrap>
      {more > 0 && <p className={style['quiet']}>{t`and ${more} more`}</p>}
    </>
  );
}

function Line({ row }: { readonly row: CsvRow }) {
  const { i18n } = useLingui();
  const { locale } = useTimeFrame();
  const Icon = ICONS[row.what];
  const { appointment } = row;
  return (
    <tr>
      <td>{row.line}</td>
      <td>
        <span className={style['state']} data-tone={row.what === 'error' ? 'danger' : undefined}>
          <Icon size={16} stroke={1.8} aria-hidden="true" />
          {i18n._(WORDS[row.what])}
        </span>
      </td>
      <td>{row.patient ?? '–'}</td>
      {appointment === null ? (
        <td colSpan={2}>
          {row.problems.map((problem) => (
            <Problem key={`${problem.field} ${problem.code}`} problem={problem} />
          ))}
        </td>
      ) : (
        <>
          <td className={style['nowrap']}>
            {tableTime(appointment.start, { locale, timeZone: appointment.timeZone })}
          </td>
          <td>
            {joinWords([
              appointment.service.text,
              appointment.practitioner?.text,
              i18n._(STATUS_WORDS[appointment.status]),
            ])}
          </td>
        </>
      )}
    </tr>
  );
}

function Problem({ problem }: { readonly problem: CsvProblem }) {
  const { t, i18n } = useLingui();
  const field = CSV_FIELDS.find((one): one is CsvField => one === problem.field);
  const name = field === undefined ? problem.field : i18n._(FIELD_NAMES[field]);
  const value = problem.value === '' ? t`nothing` : problem.value;
  return (
    <span className={style['problem']}>
      {name}: “{value}” – {i18n._(PROBLEM_WORDS[problem.code])}
    </span>
  );
}
