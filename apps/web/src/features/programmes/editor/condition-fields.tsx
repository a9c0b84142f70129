import type { Bound, Condition, NumberBand } from '@baton/clinical';
import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useId } from 'react';
import { type FieldProps, KeysField, NumberField } from './fields.tsx';

const KINDS = {
  code: msg`one of these answers`,
  number: msg`a number between`,
  pressure: msg`a blood pressure between`,
} as const;

const OPEN: NumberBand = { from: null, below: null };

const FRESH: Readonly<Record<Condition['t'], Condition>> = {
  code: { t: 'code', codes: ['yes'], earlier: 0 },
  number: { t: 'number', band: OPEN },
  pressure: { t: 'pressure', join: 'any', upper: OPEN, lower: null, under: null },
};

/** When a line fits. */
export function ConditionFields({
  condition,
  settings,
  codes,
  onChange,
}: {
  readonly condition: Condition;
  readonly settings: readonly string[];
  readonly codes: readonly string[];
  readonly onChange: (condition: Condition) => void;
}) {
  const { t, i18n } = useLingui();
  return (
    <>
      <NativeSelect
        label={t`Fits`}
        value={condition.t}
        onChange={(event) => onChange(FRESH[event.currentTarget.value as Condition['t']])}
        data={Object.entries(KINDS).map(([value, label]) => ({ value, label: i18n._(label) }))}
      />
      {condition.t === 'code' && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <KeysField
            label={t`Answers`}
            value={condition.codes}
            options={codes}
            onChange={(next) => onChange({ ...condition, codes: next })}
          />
          <NumberField
            label={t`Said so many times before, in 24 hours`}
            min={0}
            max={6}
            value={condition.earlier}
            onChange={(earlier) => onChange({ ...condition, earlier })}
          />
        </SimpleGrid>
      )}
      {condition.t === 'number' && (
        <BandFields
          name=""
          value={condition.band}
          settings={settings}
          onChange={(band) => onChange({ ...condition, band })}
        />
      )}
      {condition.t === 'pressure' && (
        <>
          <NativeSelect
            label={t`Of upper and lower value`}
            value={condition.join}
            onChange={(event) => onChange({ ...condition, join: event.currentTarget.value as 'any' | 'all' })}
            data={[
              { value: 'any', label: t`one is enough` },
              { value: 'all', label: t`both` },
            ]}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            {(['upper', 'lower'] as const).map((end) => (
              <BoundField
                key={end}
                label={end === 'upper' ? t`And upper value below` : t`And lower value below`}
                value={condition.under?.[end] ?? null}
                settings={settings}
                onChange={(bound) =>
                  onChange({ ...condition, under: underWith(condition.under, end, bound) })
                }
              />
            ))}
          </SimpleGrid>
          {(['upper', 'lower'] as const).map((end) => (
            <BandFields
              key={end}
              name={end === 'upper' ? t`Upper value` : t`Lower value`}
              value={condition[end] ?? OPEN}
              settings={settings}
              onChange={(band) =>
                onChange({ ...condition, [end]: band.from === null && band.below === null ? null : band })
              }
            />
          ))}
        </>
      )}
    </>
  );
}

type Under = Extract<Condition, { t: 'pressure' }>['under'];

/** Both or none: one alone would say nothing of the other. */
function underWith(under: Under, end: 'upper' | 'lower', bound: Bound | null): Under {
  return bound === null ? null : { upper: bound, lower: bound, ...under, [end]: bound };
}

function BandFields({
  name,
  value,
  settings,
  onChange,
}: FieldProps<NumberBand> & { readonly name: string; readonly settings: readonly string[] }) {
  const { t } = useLingui();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <BoundField
        label={[name, t`from`].join(' ').trim()}
        value={value.from}
        settings={settings}
        onChange={(from) => onChange({ ...value, from })}
      />
      <BoundField
        label={[name, t`below`].join(' ').trim()}
        value={value.below}
        settings={settings}
        onChange={(below) => onChange({ ...value, below })}
      />
    </SimpleGrid>
  );
}

/** A number, or the name of a threshold that the site gives. */
export function BoundField({
  label,
  value,
  settings,
  onChange,
}: FieldProps<Bound | null> & { readonly label: string; readonly settings: readonly string[] }) {
  const text = value === null ? '' : typeof value === 'number' ? String(value) : value.setting;
  const listId = useId();
  return (
    <>
      <TextInput
        label={label}
        list={listId}
        // Kept as it is typed: "38." is on the way to a number.
        key={typeof value === 'object' ? text : 'number'}
        defaultValue={text}
        onChange={(event) => {
          const typed = event.currentTarget.value.trim();
          if (typed === '') onChange(null);
          else if (settings.includes(typed)) onChange({ setting: typed });
          else if (Number.isFinite(Number(typed))) onChange(Number(typed));
        }}
      />
      <datalist id={listId}>
        {settings.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}
