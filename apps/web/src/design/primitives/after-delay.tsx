import { type ReactNode, useEffect, useState } from 'react';
import { after } from '../session/after.ts';
import style from './skeleton.module.css';

const PATIENCE_MS = 300;

/** Shows its children only when waiting has become noticeable. */
export function AfterDelay({
  delayMs = PATIENCE_MS,
  children,
}: {
  readonly delayMs?: number;
  readonly children: ReactNode;
}) {
  const [due, setDue] = useState(false);
  useEffect(() => after(delayMs, () => setDue(true)), [delayMs]);
  return due ? children : null;
}

/** Grey lines in place of rows, after 300 ms. */
export function RowSkeleton({ rows = 8, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <AfterDelay>
      <div role="status" className={style['rows']}>
        <span className="sr-only">{label}</span>
        {Array.from({ length: rows }, (_, index) => (
          <div key={index} className={style['row']} aria-hidden="true">
            <span className={style['face']} />
            <span className={style['lines']}>
              <span />
              <span />
            </span>
          </div>
        ))}
      </div>
    </AfterDelay>
  );
}
