import { ActionIcon, Tooltip } from '@mantine/core';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Keys } from './keys.tsx';

export interface IconActionProps
  extends Omit<
    ButtonHTMLAttributes<HTMLButtonElement>,
    'children' | 'title' | 'color' | 'style' | 'disabled'
  > {
  readonly disabled?: boolean;
  /** Name for screen readers and tooltip alike. */
  readonly label: string;
  /** Shortcut shown in the tooltip. */
  readonly keys?: string | undefined;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly tone?: 'quiet' | 'brand' | 'filled' | 'danger';
  readonly size?: 'small' | 'normal' | 'large';
  readonly ref?: Ref<HTMLButtonElement> | undefined;
  readonly children: ReactNode;
}

const SIZES = { small: '1.75rem', normal: '2.25rem', large: '2.75rem' } as const;

/** A button that is only an icon: it always has a name, a tooltip and at least 28 px. */
export function IconAction({
  label,
  keys,
  side = 'bottom',
  tone = 'quiet',
  size = 'normal',
  ref,
  children,
  ...rest
}: IconActionProps) {
  return (
    <Tooltip
      label={
        keys === undefined ? (
          label
        ) : (
          <>
            {label} <Keys keys={keys} onDark />
          </>
        )
      }
      position={side}
    >
      <ActionIcon
        {...rest}
        ref={ref ?? null}
        type={rest.type ?? 'button'}
        aria-label={label}
        variant={tone === 'filled' ? 'filled' : 'subtle'}
        color={tone === 'quiet' ? 'gray' : tone === 'danger' ? 'red' : 'brand'}
        size={SIZES[size]}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
