import { useLingui } from '@lingui/react/macro';
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { dueTime, spanWords } from '../../../design/words/span-words.ts';
import { deviceTimeZone, instantOf, wallTimeOf } from '../schedule/zoned-time.ts';
import { ClockField } from './clock-field.tsx';
import style from './fields.module.css';

const HOUR = 3_600_000;
const DAY_MS = 86_400_000;
const HOURS = [2, 4, 8, 12, 24];

/** When something ends: in so many hours, at the end of the shift, or at a day and time. */
export function UntilField({
  label,
  value,
  onChange,
  open,
  shiftEnd = null,
}: {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  /** Name of having no end; left out where there must be one. */
  readonly open?: string;
  readonly shiftEnd?: number | null;
}) {
  const { t, i18n } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const [start] = useState(now);
  const [choice, setChoice] = useState(open === undefined ? (shiftEnd === null ? '8' : 'shift') : 'open');
  const choose = (next: string): void => {
    setChoice(next);
    if (next === 'open') onChange(null);
    else if (next === 'shift') onChange(shiftEnd);
    else if (next !== 'other') onChange(start + Number(next) * HOUR);
    else onChange(value ?? start + DAY_MS);
  };
  const shift = shiftEnd === null ? '' : dueTime(shiftEnd, now, frame);
  return (
    <div className={style['until']}>
      <NativeSelect
        label={label}
        value={choice}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          ...(open === undefined ? [] : [{ value: 'open', label: open }]),
          ...(shiftEnd === null ? [] : [{ value: 'shift', label: t`End of the shift, ${shift}` }]),
          ...HOURS.map((hours) => {
            const span = spanWords(hours * HOUR, i18n.locale);
            const end = dueTime(start + hours * HOUR, now, frame);
            return { value: String(hours), label: t`For ${span}, until ${end}` };
          }),
          { value: 'other', label: t`Another day and time` },
        ]}
      />
      {choice === 'other' && value !== null && <MomentFields value={value} onChange={onChange} />}
    </div>
  );
}

function MomentFields({
  value,
  onChange,
}: {
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const { t } = useLingui();
  const zone = deviceTimeZone();
  const wall = wallTimeOf(value, zone);
  return (
    <div className={style['moment']}>
      <TextInput
        type="date"
        label={t`Day`}
        value={new Date(wall.day * DAY_MS).toISOString().slice(0, 10)}
        onChange={(event) => {
          const at = Date.parse(event.currentTarget.value);
          if (!Number.isNaN(at)) onChange(instantOf({ ...wall, day: at / DAY_MS }, zone));
        }}
      />
      <ClockField
        label={t`Time`}
        minute={wall.minute}
        onChange={(minute) => onChange(instantOf({ ...wall, minute }, zone))}
      />
    </div>
  );
}
