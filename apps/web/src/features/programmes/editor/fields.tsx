import type { Words } from '@baton/clinical';
import {
  Button,
  MultiSelect,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { IconAction } from '../../../design/primitives/icon-action.tsx';
import style from './editor.module.css';

/** Everything that a part of the form is given. */
export interface FieldProps<T> {
  readonly value: T;
  readonly onChange: (value: T) => void;
}

export function replaceAt<T>(all: readonly T[], index: number, one: T): T[] {
  return all.map((other, place) => (place === index ? one : other));
}

/** A text in both languages, side by side. */
export function WordsField({
  label,
  value,
  onChange,
  short = false,
}: FieldProps<Words> & { readonly label: string; readonly short?: boolean }) {
  const { t } = useLingui();
  const english = t`${label}, English`;
  const spanish = t`${label}, Spanish`;
  if (short)
    return (
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TextInput
          label={english}
          value={value.en}
          onChange={(event) => onChange({ ...value, en: event.currentTarget.value })}
        />
        <TextInput
          label={spanish}
          lang="es"
          value={value.es}
          onChange={(event) => onChange({ ...value, es: event.currentTarget.value })}
        />
      </SimpleGrid>
    );
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <Textarea
        label={english}
        autosize
        minRows={2}
        value={value.en}
        onChange={(event) => onChange({ ...value, en: event.currentTarget.value })}
      />
      <Textarea
        label={spanish}
        lang="es"
        autosize
        minRows={2}
        value={value.es}
        onChange={(event) => onChange({ ...value, es: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}

/** One of the names of this document. */
export function KeyField({
  label,
  value,
  options,
  none,
  onChange,
}: {
  readonly label: string;
  readonly value: string | null;
  readonly options: readonly string[];
  /** What "none" is called; left out where one has to be chosen. */
  readonly none?: string;
  readonly onChange: (value: string | null) => void;
}) {
  const missing = value !== null && !options.includes(value) ? [value] : [];
  return (
    <NativeSelect
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      data={[
        ...(none === undefined && value !== null ? [] : [{ value: '', label: none ?? '–' }]),
        ...[...missing, ...options].map((key) => ({ value: key, label: key })),
      ]}
    />
  );
}

/** Several of the names of this document, in this order. */
export function KeysField({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: readonly string[];
  readonly options: readonly string[];
  readonly onChange: (value: string[]) => void;
}) {
  return (
    <MultiSelect
      label={label}
      data={[...new Set([...value, ...options])]}
      value={[...value]}
      searchable
      hidePickedOptions
      comboboxProps={{ withinPortal: true }}
      onChange={onChange}
    />
  );
}

export function NumberField({
  label,
  value,
  min,
  max,
  onChange,
}: FieldProps<number> & { readonly label: string; readonly min?: number; readonly max?: number }) {
  return (
    <NumberInput
      label={label}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      value={value}
      onChange={(next) => onChange(Number(next) || 0)}
    />
  );
}

/** One thing of a list: its title, what is in it once it is opened, where it can go. Closed it costs nothing to draw. */
export function Item({
  title,
  note,
  onUp,
  onDown,
  onRemove,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly onUp?: (() => void) | undefined;
  readonly onDown?: (() => void) | undefined;
  readonly onRemove?: (() => void) | undefined;
  readonly children: () => ReactNode;
}) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  return (
    <details className={style['item']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>{title}</b>
        {note !== undefined && <span className={style['note']}>{note}</span>}
      </summary>
      {open && (
        <div className={style['inside']}>
          {children()}
          <div className={style['moves']}>
            {onUp && (
              <IconAction label={t`Move up`} onClick={onUp}>
                <IconArrowUp size={17} stroke={1.7} />
              </IconAction>
            )}
            {onDown && (
              <IconAction label={t`Move down`} onClick={onDown}>
                <IconArrowDown size={17} stroke={1.7} />
              </IconAction>
            )}
            {onRemove && (
              <IconAction label={t`Remove ${title}`} tone="danger" onClick={onRemove}>
                <IconTrash size={17} stroke={1.7} />
              </IconAction>
            )}
          </div>
        </div>
      )}
    </details>
  );
}

export function AddButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={15} stroke={1.8} aria-hidden="true" />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

/** What a list's item can do with its neighbours. */
export function placeActs<T>(
  all: readonly T[],
  index: number,
  onChange: (all: T[]) => void,
  least = 0,
): {
  readonly onUp: (() => void) | undefined;
  readonly onDown: (() => void) | undefined;
  readonly onRemove: (() => void) | undefined;
} {
  const swap = (other: number) => () => {
    const next = [...all];
    const [one, two] = [next[index], next[other]];
    if (one === undefined || two === undefined) return;
    next[index] = two;
    next[other] = one;
    onChange(next);
  };
  return {
    onUp: index > 0 ? swap(index - 1) : undefined,
    onDown: index < all.length - 1 ? swap(index + 1) : undefined,
    onRemove: all.length > least ? () => onChange(all.filter((_, place) => place !== index)) : undefined,
  };
}
