import { Trans, useLingui } from '@lingui/react/macro';
import { tableTime } from '../../../design/words/time-words.ts';
import { TableWrap } from '../table-wrap.tsx';
import style from '../appointments.module.css';
import { usePractice } from '../use-practice.ts';

const SHOWN = 200;

/** Whom a recall would reach, longest ago first. */
export function OverdueList({
  patients,
}: {
  readonly patients: readonly {
    readonly ref: string;
    readonly name: string;
    readonly lastAt: number | null;
  }[];
}) {
  const { t } = useLingui();
  const { frame } = usePractice();
  const more = patients.length - SHOWN;
  return (
    <>
      <TableWrap label={t`Patients who would be reached`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Patient</Trans>
            </th>
            <th scope="col">
              <Trans>Last visit</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {patients.slice(0, SHOWN).map(({ ref, name, lastAt }) => (
            <tr key={ref}>
              <th scope="row">{name}</th>
              <td>{lastAt === null ? '–' : tableTime(lastAt, frame)}</td>
            </tr>
          ))}
        </tbody>
      </TableWrap>
      {more > 0 && <p className={style['quiet']}>{t`and ${more} more`}</p>}
    </>
  );
}
