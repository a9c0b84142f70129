import { Trans } from '@lingui/react/macro';
import { IconPhoneCall } from '@tabler/icons-react';
import style from './callback-link.module.css';

/** A number to call, large enough for a thumb. */
export function CallbackLink({
  number,
  strong = false,
}: {
  readonly number: string;
  readonly strong?: boolean;
}) {
  return (
    <a
      className={style['call']}
      data-strong={strong || undefined}
      href={`tel:${number.replaceAll(/[^+\d*#,;]/g, '')}`}
    >
      <IconPhoneCall size={16} stroke={2} aria-hidden="true" />
      <span>
        <Trans>Call {number}</Trans>
      </span>
    </a>
  );
}
