import type { DialogueLine } from '@baton/clinical';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { type ReactNode, useEffect, useRef } from 'react';
import style from './preview.module.css';

const NAMES = {
  programme: msg`Programme`,
  patient: msg`Patient`,
  time: msg`Time`,
  team: msg`Team`,
} as const;

/** A dialogue as the patient's phone would show it, with what staff get between the lines. */
export function Chat({
  label,
  lines,
  live = false,
  children,
}: {
  readonly label: string;
  readonly lines: readonly DialogueLine[];
  /** New lines are said by screen readers, and come into sight. */
  readonly live?: boolean;
  readonly children?: ReactNode;
}) {
  const { i18n } = useLingui();
  const end = useRef<HTMLDivElement>(null);
  const count = lines.length;
  useEffect(() => {
    if (live && count > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [live, count]);
  return (
    <div className={style['chat']}>
      <ol aria-label={label} {...(live ? { 'aria-live': 'polite' } : {})}>
        {lines.map(({ who, words }, index) => (
          // Keyed by place: lines only ever come after.
          <li key={index} data-who={who}>
            <span className={style['who']}>{i18n._(NAMES[who])}</span>
            <span className={style['words']}>{words}</span>
          </li>
        ))}
      </ol>
      {children}
      {live && <div ref={end} />}
    </div>
  );
}
