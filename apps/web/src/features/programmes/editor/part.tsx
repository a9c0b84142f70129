import type { Protocol } from '@baton/clinical';
import type { ReactNode } from 'react';
import style from './editor.module.css';
import type { Names } from './names.ts';

export interface PartProps {
  readonly protocol: Protocol;
  readonly names: Names;
  readonly change: (edit: (protocol: Protocol) => Protocol) => void;
}

export function Part({
  title,
  note,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={style['part']}>
      <h2>{title}</h2>
      {note !== undefined && <p className={style['note']}>{note}</p>}
      {children}
    </section>
  );
}
