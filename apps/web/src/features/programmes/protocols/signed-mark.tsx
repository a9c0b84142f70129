import type { ProtocolView } from '@baton/client';
import { Trans } from '@lingui/react/macro';
import { IconArchive, IconCircleCheck, IconPencil } from '@tabler/icons-react';
import style from '../programmes.module.css';

/** State of a version in shape, word and colour. */
export function SignedMark({
  view: { version, mayRun, author, clinician },
}: {
  readonly view: ProtocolView;
}) {
  if (version.state === 'retired')
    return (
      <span className={style['mark']}>
        <IconArchive size={16} stroke={1.8} aria-hidden="true" />
        <Trans>Retired</Trans>
      </span>
    );
  if (mayRun)
    return (
      <span className={style['mark']} data-tone="done">
        <IconCircleCheck size={16} stroke={1.8} aria-hidden="true" />
        <Trans>Signed</Trans>
      </span>
    );
  const count = Number(author !== null) + Number(clinician !== null);
  return (
    <span className={style['mark']} data-tone="amber">
      <IconPencil size={16} stroke={1.8} aria-hidden="true" />
      <Trans>Draft, {count} of 2 signatures</Trans>
    </span>
  );
}
