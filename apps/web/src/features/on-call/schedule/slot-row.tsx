import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { IconCopyPlus, IconTrash } from '@tabler/icons-react';
import { IconAction } from '../../../design/primitives/icon-action.tsx';
import { ClockField } from '../fields/clock-field.tsx';
import { PersonSelect } from '../fields/person-select.tsx';
import style from './schedule.module.css';
import { weekdayNames } from './week-words.ts';
import type { DraftSlot, Slot } from './weekly-spans.ts';

/** One shift of the week. */
export function SlotRow({
  slot,
  onChange,
  onCopy,
  onRemove,
}: {
  readonly slot: DraftSlot;
  readonly onChange: (change: Partial<Slot>) => void;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
}) {
  const { t, i18n } = useLingui();
  const names = weekdayNames(i18n.locale, 'long');
  const day = names[slot.day - 1] ?? '';
  return (
    <li className={style['slot']}>
      <NativeSelect
        size="sm"
        aria-label={t`Day`}
        value={String(slot.day)}
        onChange={(event) => onChange({ day: Number(event.currentTarget.value) })}
        data={names.map((name, index) => ({ value: String(index + 1), label: name }))}
      />
      <ClockField hidden label={t`From`} minute={slot.from} onChange={(from) => onChange({ from })} />
      <span className={style['to']}>
        <ClockField hidden label={t`To`} minute={slot.to} onChange={(to) => onChange({ to })} />
        {slot.to <= slot.from && (
          <span className={style['next-day']} title={t`Ends on the next day`}>
            +1<span className="sr-only"> {t`Ends on the next day`}</span>
          </span>
        )}
      </span>
      <PersonSelect label={t`Who`} value={slot.account} onChange={(account) => onChange({ account })} />
      <span className={style['slot-acts']}>
        <IconAction size="small" label={t`Copy the shift of ${day} to the next day`} onClick={onCopy}>
          <IconCopyPlus size={17} stroke={1.7} />
        </IconAction>
        <IconAction size="small" label={t`Take out the shift of ${day}`} onClick={onRemove}>
          <IconTrash size={17} stroke={1.7} />
        </IconAction>
      </span>
    </li>
  );
}
