import type { Comparison } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { useNow } from '../../../design/session/frame-context.tsx';
import { shortDate } from '../../../design/words/time-words.ts';
import { TableWrap } from '../table-wrap.tsx';
import style from '../appointments.module.css';
import { usePractice } from '../use-practice.ts';

/** What the extra reminder changed: one sentence, then the numbers behind it. */
export function ComparisonPart({ comparison }: { readonly comparison: Comparison }) {
  const { t, i18n } = useLingui();
  const { frame } = usePractice();
  const now = useNow();
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent', maximumFractionDigits: 1 });
  const since = shortDate(comparison.since, now, frame);
  const { extra, usual } = comparison;
  const sentence = i18n.locale.startsWith('es') ? comparison.sentence.es : comparison.sentence.en;
  const share = ({ visits, noShows }: Comparison['extra']): string =>
    visits === 0 ? '–' : percent.format(noShows / visits);
  return (
    <>
      <p className={style['finding']}>{sentence}</p>
      <p
        className={style['quiet']}
      >{t`Visits since ${since}; who got the extra reminder was drawn by lot.`}</p>
      <TableWrap label={t`Numbers of the comparison`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Group</Trans>
            </th>
            <th scope="col" className={style['number']}>
              <Trans>Visits</Trans>
            </th>
            <th scope="col" className={style['number']}>
              <Trans>No-shows</Trans>
            </th>
            <th scope="col" className={style['number']}>
              <Trans>Share</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              <Trans>With the extra reminder</Trans>
            </th>
            <td className={style['number']}>{extra.visits}</td>
            <td className={style['number']}>{extra.noShows}</td>
            <td className={style['number']}>{share(extra)}</td>
          </tr>
          <tr>
            <th scope="row">
              <Trans>Without it</Trans>
            </th>
            <td className={style['number']}>{usual.visits}</td>
            <td className={style['number']}>{usual.noShows}</td>
            <td className={style['number']}>{share(usual)}</td>
          </tr>
        </tbody>
      </TableWrap>
    </>
  );
}
