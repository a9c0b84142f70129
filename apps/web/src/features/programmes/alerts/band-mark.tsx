import { useLingui } from '@lingui/react';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { Octagon } from '../../../design/batons/contract-mark.tsx';
import { BAND_NAMES } from '../words.ts';
import style from './alerts.module.css';

/** Shape, word and colour of a band. */
export function BandMark({ band }: { readonly band: 'green' | 'amber' | 'red' }) {
  const { i18n } = useLingui();
  return (
    <span className={style['band']} data-band={band}>
      {band === 'red' && <Octagon size={15} />}
      {band === 'amber' && <IconAlertTriangle size={15} stroke={2} aria-hidden="true" />}
      {band === 'green' && <IconCircleCheck size={15} stroke={2} aria-hidden="true" />}
      {i18n._(BAND_NAMES[band])}
    </span>
  );
}
