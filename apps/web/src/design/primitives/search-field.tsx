import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';

export interface SearchFieldProps {
  readonly label: string;
  readonly clearLabel: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  /** The "/" shortcut jumps into the field that carries this mark. */
  readonly main?: boolean;
  readonly focusFirst?: boolean;
  /** The list that this field steers. */
  readonly combobox?: { readonly listId: string; readonly activeId: string | null };
}

export function SearchField(props: SearchFieldProps) {
  const { label, clearLabel, value, onChange, onKeyDown, main, focusFirst = false, combobox } = props;
  const steers =
    combobox === undefined
      ? {}
      : {
          role: 'combobox',
          'aria-expanded': true,
          'aria-autocomplete': 'list' as const,
          'aria-controls': combobox.listId,
          'aria-activedescendant': combobox.activeId ?? undefined,
        };
  return (
    <TextInput
      {...steers}
      type={combobox === undefined ? 'search' : 'text'}
      size="sm"
      aria-label={label}
      placeholder={label}
      value={value}
      autoComplete="off"
      spellCheck={false}
      data-autofocus={focusFirst || undefined}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- only where the person has just asked to search
      autoFocus={focusFirst}
      data-main-search={main || undefined}
      leftSection={<IconSearch size={16} stroke={1.7} aria-hidden="true" />}
      rightSection={
        value === '' ? null : (
          <CloseButton size="sm" aria-label={clearLabel} onClick={() => onChange('')} iconSize={14} />
        )
      }
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') {
          event.stopPropagation();
          onChange('');
        }
        onKeyDown?.(event);
      }}
    />
  );
}
