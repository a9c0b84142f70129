import type { ReactNode } from 'react';
import style from './appointments.module.css';

/** Around a table that may be longer or wider than its place. */
export function TableWrap({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <div className={style['table-wrap']} tabIndex={0} role="region" aria-label={label}>
      <table className={style['table']}>{children}</table>
    </div>
  );
}
