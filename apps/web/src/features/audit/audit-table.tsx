import type { AuditRow } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconBan } from '@tabler/icons-react';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { ERROR_SENTENCES } from '../../design/words/error-sentences.ts';
import { tableTime } from '../../design/words/time-words.ts';
import { ACTION_NAMES } from './action-names.ts';
import style from './audit.module.css';

export function AuditTable({ rows }: { readonly rows: readonly AuditRow[] }) {
  const { t } = useLingui();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table scrolls sideways and has to be reachable by keyboard
    <div className={style['wrap']} tabIndex={0} role="region" aria-label={t`Audit events`}>
      <table className={style['table']}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>When</Trans>
            </th>
            <th scope="col">
              <Trans>Who</Trans>
            </th>
            <th scope="col">
              <Trans>What</Trans>
            </th>
            <th scope="col">
              <Trans>Outcome</Trans>
            </th>
            <th scope="col">
              <Trans>Object</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <AuditLine key={row.n} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AuditLine({ row }: { readonly row: AuditRow }) {
  const { t, i18n } = useLingui();
  const frame = useTimeFrame();
  const name = ACTION_NAMES[row.action];
  const sentence = row.code !== null && row.code in ERROR_SENTENCES ? row.code : null;
  return (
    <tr>
      <td className={style['when']}>
        <ExactTime at={row.at}>{tableTime(row.at, frame)}</ExactTime>
      </td>
      <td>{row.actorName}</td>
      <td>{name === undefined ? <code>{row.action}</code> : i18n._(name)}</td>
      <td>
        {row.outcome === 'ok' ? (
          <Trans>Done</Trans>
        ) : (
          <span className={style['refused']} title={sentence ?? undefined}>
            <IconBan size={15} stroke={2} aria-hidden="true" />
            {row.outcome === 'refused' ? t`Refused` : t`Failed`}
          </span>
        )}
      </td>
      <td className={style['object']}>{row.object ?? '–'}</td>
    </tr>
  );
}
