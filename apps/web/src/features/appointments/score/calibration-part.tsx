import type { NoShowModel } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { TableWrap } from '../table-wrap.tsx';
import style from '../appointments.module.css';

const SIZE = 260;
const EDGE = 34;

/** What the score said against what happened, as a picture and as a table. */
export function CalibrationPart({ model }: { readonly model: NoShowModel }) {
  const { t, i18n } = useLingui();
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent', maximumFractionDigits: 0 });
  const number = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 2 });
  const groups = model.calibration.filter(({ visits }) => visits > 0);
  return (
    <div className={style['beside']}>
      <figure className={style['figure']}>
        <Plot groups={groups} percent={percent} />
        <figcaption className={style['quiet']}>
          {model.auc !== null &&
            t`Of a visit that was missed and one that was not, it ranks the missed one higher ${percent.format(model.auc)} of the time.`}{' '}
          {model.brier !== null && t`Brier score ${number.format(model.brier)}.`}
        </figcaption>
      </figure>
      <TableWrap label={t`Said and happened, by group`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Said between</Trans>
            </th>
            <th scope="col" className={style['number']}>
              <Trans>Visits</Trans>
            </th>
            <th scope="col" className={style['number']}>
              <Trans>Said</Trans>
            </th>
            <th scope="col" className={style['number']}>
              <Trans>Happened</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ from, to, visits, predicted, observed }) => (
            <tr key={from}>
              <th scope="row">
                {percent.format(from)}–{percent.format(to)}
              </th>
              <td className={style['number']}>{visits}</td>
              <td className={style['number']}>{percent.format(predicted)}</td>
              <td className={style['number']}>{percent.format(observed)}</td>
            </tr>
          ))}
        </tbody>
      </TableWrap>
    </div>
  );
}

/** Only a picture: the table beside it says the same. */
function Plot({
  groups,
  percent,
}: {
  readonly groups: NoShowModel['calibration'];
  readonly percent: Intl.NumberFormat;
}) {
  const most = Math.max(0.2, ...groups.flatMap(({ predicted, observed }) => [predicted, observed]));
  const top = Math.ceil(most * 10) / 10;
  const largest = Math.max(1, ...groups.map(({ visits }) => visits));
  const x = (value: number): number => EDGE + (value / top) * SIZE;
  const y = (value: number): number => 8 + SIZE - (value / top) * SIZE;
  const ticks = [0, top / 2, top];
  return (
    <svg
      className={style['plot']}
      viewBox={`0 0 ${SIZE + EDGE + 16} ${SIZE + EDGE + 8}`}
      aria-hidden="true"
      focusable="false"
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={style['plot-grid']} x1={x(0)} x2={x(top)} y1={y(tick)} y2={y(tick)} />
          <line className={style['plot-grid']} x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(top)} />
          <text className={style['plot-text']} x={x(tick)} y={y(0) + 18} textAnchor="middle">
            {percent.format(tick)}
          </text>
          <text className={style['plot-text']} x={x(0) - 5} y={y(tick) + 4} textAnchor="end">
            {percent.format(tick)}
          </text>
        </g>
      ))}
      <line className={style['plot-line']} x1={x(0)} y1={y(0)} x2={x(top)} y2={y(top)} />
      {groups.map(({ from, predicted, observed, visits }) => (
        <circle
          key={from}
          className={style['plot-dot']}
          cx={x(predicted)}
          cy={y(observed)}
          r={4 + 7 * Math.sqrt(visits / largest)}
        />
      ))}
    </svg>
  );
}
