import { useLingui } from '@lingui/react/macro';
import { NativeSelect, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import style from './fields.module.css';

const UNITS = { seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
type Unit = keyof typeof UNITS;

/** The largest unit in which the length is a whole number. */
function unitOf(ms: number): Unit {
  if (ms === 0) return 'minutes';
  const fits = (['days', 'hours', 'minutes'] as const).find((unit) => ms % UNITS[unit] === 0);
  return fits === 'days' && ms < 2 * UNITS.days ? 'hours' : (fits ?? 'seconds');
}

/** A length of time: a number and its unit. */
export function DurationField({
  label,
  ms,
  onChange,
  hidden = false,
  disabled = false,
}: {
  readonly label: string;
  readonly ms: number;
  readonly onChange: (ms: number) => void;
  readonly hidden?: boolean;
  readonly disabled?: boolean;
}) {
  const { t } = useLingui();
  const inputId = useId();
  const [unit, setUnit] = useState<Unit>(() => unitOf(ms));
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div className={style['duration']} role="group" aria-label={label}>
      {!hidden && (
        <label className={style['label']} htmlFor={inputId}>
          {label}
        </label>
      )}
      <TextInput
        id={inputId}
        className={style['number'] ?? ''}
        size="sm"
        {...(hidden ? { 'aria-label': label } : {})}
        type="number"
        min={0}
        step="any"
        disabled={disabled}
        value={typed ?? String(ms / UNITS[unit])}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          const amount = Number(text);
          if (text !== '' && amount >= 0) onChange(Math.round(amount * UNITS[unit]));
        }}
        onBlur={() => setTyped(null)}
      />
      <NativeSelect
        className={style['unit'] ?? ''}
        size="sm"
        aria-label={t`Unit: ${label}`}
        disabled={disabled}
        value={unit}
        onChange={(event) => {
          const next = event.currentTarget.value as Unit;
          setUnit(next);
          onChange(Math.round((ms / UNITS[unit]) * UNITS[next]));
        }}
        data={[
          { value: 'seconds', label: t`seconds` },
          { value: 'minutes', label: t`minutes` },
          { value: 'hours', label: t`hours` },
          { value: 'days', label: t`days` },
        ]}
      />
    </div>
  );
}
