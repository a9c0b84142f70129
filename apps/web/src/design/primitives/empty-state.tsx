import type { ReactNode } from 'react';
import style from './empty-state.module.css';

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  /** One action at most. */
  readonly action?: ReactNode;
}

/** An empty screen teaches one thing and offers one action. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className={style['empty']}>
      {icon !== undefined && (
        <span className={style['icon']} aria-hidden="true">
          {icon}
        </span>
      )}
      <p className={style['title']}>{title}</p>
      {children !== undefined && <p className={style['text']}>{children}</p>}
      {action}
    </div>
  );
}
