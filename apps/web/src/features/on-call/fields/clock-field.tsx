import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { clockText, readClock } from './clock-text.ts';
import style from './fields.module.css';

/** A time of day by the 24-hour clock, typed as one likes: "7", "0730", "19:30". */
export function ClockField({
  label,
  minute,
  onChange,
  hidden = false,
  disabled = false,
}: {
  readonly label: string;
  readonly minute: number;
  readonly onChange: (minute: number) => void;
  /** The label is for screen readers only: a column has a title. */
  readonly hidden?: boolean;
  readonly disabled?: boolean;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? minute : readClock(typed);
  return (
    <TextInput
      className={style['clock'] ?? ''}
      size="sm"
      {...(hidden ? { 'aria-label': label } : { label })}
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      disabled={disabled}
      value={typed ?? clockText(minute)}
      error={read === null}
      aria-invalid={read === null}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const next = readClock(text);
        if (next !== null && next !== minute) onChange(next);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
