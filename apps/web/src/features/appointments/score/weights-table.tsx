import type { NoShowFeature } from '@baton/clinical';
import type { NoShowModel } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { TableWrap } from '../table-wrap.tsx';
import style from '../appointments.module.css';
import { FEATURE_WORDS } from './feature-words.ts';

/** The weights of the score in words: what makes a no-show likelier, what less likely, and by how much. */
export function WeightsTable({ model }: { readonly model: NoShowModel }) {
  const { t, i18n } = useLingui();
  const number = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 2 });
  const nameOf = (feature: string): string =>
    feature in FEATURE_WORDS ? i18n._(FEATURE_WORDS[feature as NoShowFeature]) : feature;
  const weights = model.weights.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return (
    <TableWrap label={t`Weights`}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>What</Trans>
          </th>
          <th scope="col">
            <Trans>Makes a no-show</Trans>
          </th>
          <th scope="col" className={style['number']}>
            <Trans>Odds times</Trans>
          </th>
          <th scope="col" className={style['number']}>
            <Trans>Weight</Trans>
          </th>
          <th scope="col" className={style['number']}>
            <Trans>Usual value</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {weights.map(({ feature, weight, mean }) => (
          <tr key={feature}>
            <th scope="row">{nameOf(feature)}</th>
            <td>
              <span className={style['state']}>
                {weight > 0 ? (
                  <IconArrowUp size={16} stroke={1.8} aria-hidden="true" />
                ) : (
                  <IconArrowDown size={16} stroke={1.8} aria-hidden="true" />
                )}
                {weight > 0 ? <Trans>likelier</Trans> : <Trans>less likely</Trans>}
              </span>
            </td>
            <td className={style['number']}>{number.format(Math.exp(weight))}</td>
            <td className={style['number']}>{number.format(weight)}</td>
            <td className={style['number']}>{number.format(mean)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">
            <Trans>Where it starts from</Trans>
          </th>
          <td>–</td>
          <td className={style['number']}>–</td>
          <td className={style['number']}>{number.format(model.intercept)}</td>
          <td className={style['number']}>–</td>
        </tr>
      </tbody>
    </TableWrap>
  );
}
