import type { ReactNode } from 'react';
import style from './pane.module.css';

export interface PaneHeaderProps {
  readonly title: ReactNode;
  readonly level?: 1 | 2;
  readonly titleId?: string | undefined;
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  readonly below?: ReactNode;
}

/** Top of a column: a title, what stands before it (back, face) and what can be done (after). */
export function PaneHeader({ title, level = 2, titleId, before, after, below }: PaneHeaderProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <header className={style['header']}>
      {before}
      <div className={style['titles']}>
        <Heading className={style['title']} id={titleId}>
          {title}
        </Heading>
        {below}
      </div>
      {after !== undefined && <div className={style['after']}>{after}</div>}
    </header>
  );
}

/** A task page of the administration and the settings: one column, a title, a summary sentence. */
export function Page({
  title,
  summary,
  actions,
  children,
  wide = false,
}: {
  readonly title: string;
  readonly summary?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}) {
  return (
    <div className={style['scroll']}>
      <div className={style['page']} data-wide={wide || undefined}>
        <div className={style['page-head']}>
          <h1>{title}</h1>
          {actions}
        </div>
        {summary !== undefined && <p className={style['summary']}>{summary}</p>}
        {children}
      </div>
    </div>
  );
}

export function Section({
  title,
  text,
  action,
  children,
}: {
  readonly title: string;
  readonly text?: ReactNode;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <section className={style['section']}>
      <div className={style['section-head']}>
        <h2>{title}</h2>
        {action}
      </div>
      {text !== undefined && <p className={style['section-text']}>{text}</p>}
      {children}
    </section>
  );
}
