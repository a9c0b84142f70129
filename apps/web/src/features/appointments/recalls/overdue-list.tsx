import { Trans, useLingui } from '@lingui/react/macro';
import { tableTime } from '../../../design/words/time-words.ts';
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
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long table scrolls and has to be reachable by keyboard
    <div
      className={style['table-wrap']}
      tabIndex={0}
      role="region"
      aria-label={t`Patients who would be reached`}
    >
      <table className={style['table']}>
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
      </table>
      {more > 0 && <p className={style['quiet']}>{t`and ${more} more`}</p>}
    </div>
  );
}
