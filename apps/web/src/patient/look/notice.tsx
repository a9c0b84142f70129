import type { ComponentChildren } from 'preact';
import style from './notice.module.css';

/** A sentence that stands out; `kind` goes with an icon, never with colour alone. */
export function Notice({
  kind,
  icon,
  children,
}: {
  readonly kind: 'plain' | 'amber' | 'danger' | 'done';
  readonly icon?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <div className={style['notice']} data-kind={kind}>
      {icon}
      <div>{children}</div>
    </div>
  );
}
