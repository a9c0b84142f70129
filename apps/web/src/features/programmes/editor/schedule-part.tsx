import type { Slot, SlotStart } from '@baton/clinical';
import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { clockWords, minuteOf } from '../clock-words.ts';
import { daysWords, readDays } from '../enrol/plan-days.ts';
import {
  AddButton,
  type FieldProps,
  Item,
  KeysField,
  NumberField,
  placeActs,
  replaceAt,
  WordsField,
} from './fields.tsx';
import { freeName } from './names.ts';
import { Part, type PartProps } from './part.tsx';

type Days = Slot['days'];

const STARTS = {
  usual: msg`Every day`,
  doses: msg`On a day with tablets`,
  off: msg`On a day off`,
  held: msg`On hold`,
  stale: msg`When nobody stands for the plan`,
} as const;

const DAY_KINDS = {
  every: msg`every so many days`,
  offsets: msg`these days from the first`,
  weekdays: msg`days of the week`,
  'cycle-days': msg`days of the cycle`,
} as const;

const FRESH: Readonly<Record<Days['t'], Days>> = {
  every: { t: 'every', from: 0, until: null, step: 1 },
  offsets: { t: 'offsets', offsets: [0] },
  weekdays: { t: 'weekdays', days: [1] },
  'cycle-days': { t: 'cycle-days', days: [1] },
};

const NOTHING: SlotStart = { asks: [], advise: [], alert: null };

/** When it asks, and with what it begins. */
export function SchedulePart({ protocol, names, change }: PartProps) {
  const { t, i18n } = useLingui();
  const { slots } = protocol;
  const dayWords = (days: Days): string => {
    if (days.t !== 'every') return i18n._(DAY_KINDS[days.t]);
    const each = days.step === 1 ? t`every day` : t`every ${days.step} days`;
    return days.until === null ? each : t`${each}, day ${days.from + 1} to ${days.until + 1}`;
  };
  const set = (next: Slot[]): void => change((now) => ({ ...now, slots: next }));
  return (
    <Part title={t`Schedule`} note={t`Times are the patient’s; an enrolment can move them.`}>
      {slots.map((slot, index) => (
        <Item
          key={slot.id}
          title={slot.name.en}
          note={`${clockWords(slot.minute)} · ${dayWords(slot.days)}`}
          {...placeActs(slots, index, set, 1)}
        >
          {() => {
            const put = (part: Partial<Slot>): void => set(replaceAt(slots, index, { ...slot, ...part }));
            return (
              <>
                <WordsField label={t`Name`} short value={slot.name} onChange={(name) => put({ name })} />
                <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
                  <TextInput
                    type="time"
                    label={t`At`}
                    value={clockWords(slot.minute)}
                    onChange={(event) => put({ minute: minuteOf(event.currentTarget.value, slot.minute) })}
                  />
                  <DaysField value={slot.days} onChange={(days) => put({ days })} />
                </SimpleGrid>
                {Object.entries(slot.starts).map(([kind, start]) => (
                  <fieldset key={kind}>
                    <legend>{i18n._(STARTS[kind as keyof typeof STARTS])}</legend>
                    <KeysField
                      label={t`Asks`}
                      value={start.asks}
                      options={names.questions}
                      onChange={(asks) => put({ starts: { ...slot.starts, [kind]: { ...start, asks } } })}
                    />
                    <KeysField
                      label={t`Says`}
                      value={start.advise}
                      options={names.advice}
                      onChange={(advise) => put({ starts: { ...slot.starts, [kind]: { ...start, advise } } })}
                    />
                  </fieldset>
                ))}
                <KeysField
                  label={t`Sources`}
                  value={slot.sources}
                  options={names.sources}
                  onChange={(sources) => put({ sources })}
                />
              </>
            );
          }}
        </Item>
      ))}
      <AddButton
        label={t`Check-in`}
        onClick={() =>
          set([
            ...slots,
            {
              id: freeName(
                'slot',
                slots.map(({ id }) => id),
              ),
              name: { en: 'Check-in', es: 'Consulta' },
              minute: 540,
              days: FRESH.every,
              doses: null,
              starts:
                protocol.regimen === 'required'
                  ? { doses: NOTHING, off: NOTHING, held: NOTHING, stale: NOTHING }
                  : { usual: NOTHING },
              sources: names.sources.slice(0, 1),
            },
          ])
        }
      />
    </Part>
  );
}

const MOST_DAYS = 730;

function DaysField({ value, onChange }: FieldProps<Days>) {
  const { t, i18n } = useLingui();
  return (
    <>
      <NativeSelect
        label={t`On`}
        value={value.t}
        onChange={(event) => onChange(FRESH[event.currentTarget.value as Days['t']])}
        data={Object.entries(DAY_KINDS).map(([kind, label]) => ({ value: kind, label: i18n._(label) }))}
      />
      {value.t === 'every' && (
        <>
          <NumberField
            label={t`Every how many days`}
            min={1}
            max={60}
            value={value.step}
            onChange={(step) => onChange({ ...value, step })}
          />
          <NumberField
            label={t`First on day (0 is the first)`}
            min={0}
            max={MOST_DAYS}
            value={value.from}
            onChange={(from) => onChange({ ...value, from })}
          />
        </>
      )}
      {value.t === 'offsets' && (
        <NumbersField
          label={t`Days, the first being 0`}
          value={value.offsets}
          most={MOST_DAYS}
          onChange={(offsets) => onChange({ ...value, offsets })}
        />
      )}
      {value.t === 'weekdays' && (
        <NumbersField
          label={t`Days of the week, Monday being 1`}
          value={value.days}
          most={7}
          onChange={(days) => onChange({ ...value, days })}
        />
      )}
      {value.t === 'cycle-days' && (
        <NumbersField
          label={t`Days of the cycle, from 1`}
          value={value.days}
          most={84}
          onChange={(days) => onChange({ ...value, days })}
        />
      )}
    </>
  );
}

function NumbersField({
  label,
  value,
  most,
  onChange,
}: {
  readonly label: string;
  readonly value: readonly number[];
  readonly most: number;
  readonly onChange: (value: number[]) => void;
}) {
  const { t } = useLingui();
  const [text, setText] = useState(daysWords(value));
  const read = (words: string): readonly number[] | null => {
    const isZero = /(^|[,\s])0($|[,\s-])/.test(words);
    const rest = readDays(
      words.replace(/(^|[,\s])0(?=$|[,\s])/g, '$1').replace(/(^|[,\s])0-/g, '$11-'),
      most,
    );
    if (!isZero) return rest;
    return words.trim() === '0' ? [0] : rest && [0, ...rest];
  };
  return (
    <TextInput
      label={label}
      value={text}
      error={read(text) === null ? t`Numbers and spans, such as 0-5, 8, 11` : null}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const numbers = read(event.currentTarget.value);
        if (numbers) onChange([...numbers]);
      }}
    />
  );
}
