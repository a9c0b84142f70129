import type { ReactNode } from 'react';
import style from './patient-panel.module.css';

/** One titled part of the panel beside a conversation. */
export function PanelPart({
  title,
  action,
  children,
}: {
  readonly title: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={style['part']}>
      <div className={style['part-head']}>
        <h3>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}
