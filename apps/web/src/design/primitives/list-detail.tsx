import type { ReactNode } from 'react';
import { useLayout } from './layout.ts';
import style from './list-detail.module.css';

export interface ListDetailProps {
  readonly list: ReactNode;
  /** What is chosen; null for nothing. */
  readonly detail: ReactNode | null;
  /** In place of the detail on a wide screen when nothing is chosen. */
  readonly nothing: ReactNode;
}

/** A list and what is chosen in it: side by side where there is room, one of them otherwise. */
export function ListDetail({ list, detail, nothing }: ListDetailProps) {
  const wide = useLayout() === 'wide';
  return (
    <div className={style['screen']}>
      {(wide || detail === null) && (
        <div className={style['list']} data-alone={!wide || undefined}>
          {list}
        </div>
      )}
      {detail !== null && <div className={style['detail']}>{detail}</div>}
      {wide && detail === null && <div className={style['nothing']}>{nothing}</div>}
    </div>
  );
}
