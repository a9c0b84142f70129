import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { ScrollRegion } from '../scroll-region.tsx';
import style from './plots.module.css';

/** A plot with its numbers beside it: who cannot see the one reads the other. */
export function PlotFrame({
  title,
  note,
  plot,
  columns,
  rows,
}: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly plot: ReactNode;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}) {
  const { t } = useLingui();
  return (
    <figure className={style['figure']}>
      <figcaption className={style['caption']}>
        <h3>{title}</h3>
        {note !== undefined && <p>{note}</p>}
      </figcaption>
      <div className={style['pair']}>
        <div className={style['plot']} aria-hidden="true">
          {plot}
        </div>
        <ScrollRegion className={style['table-wrap']} label={t`${title}, in figures`}>
          <table className={style['table']}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.length === 0 && (
                <tr>
                  <td colSpan={columns.length}>
                    <Trans>Nothing yet.</Trans>
                  </td>
                </tr>
              )}
              {rows.map(([first = '', ...cells]) => (
                <tr key={first}>
                  <th scope="row">{first}</th>
                  {cells.map((cell, index) => (
                    // Keyed by place: cells of a row can be alike.
                    <td key={index}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </div>
    </figure>
  );
}
