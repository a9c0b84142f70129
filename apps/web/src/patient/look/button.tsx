import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import style from './button.module.css';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly look?: 'main' | 'second' | 'plain' | 'danger';
  readonly type?: 'button' | 'submit';
  readonly wide?: boolean;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly icon?: ComponentChildren;
  readonly onClick?: () => void;
  readonly label?: string;
  readonly attributes?: ButtonHTMLAttributes;
}

/** At least 44 px high; `main` once a screen. While busy it stays where the focus is, and does nothing. */
export function Button(props: ButtonProps) {
  const { children, look = 'second', type = 'button', wide = false, busy = false, icon } = props;
  return (
    <button
      type={type}
      className={style['button']}
      data-look={look}
      data-wide={wide || undefined}
      aria-disabled={busy || props.disabled === true || undefined}
      aria-label={props.label}
      onClick={(event) => {
        if (busy || props.disabled === true) {
          event.preventDefault();
          return;
        }
        props.onClick?.();
      }}
      {...props.attributes}
    >
      {icon}
      <span>{children}</span>
    </button>
  );
}

/** Only a picture to see; the label is read. */
export function IconButton({
  label,
  icon,
  onClick,
  attributes,
}: {
  readonly label: string;
  readonly icon: ComponentChildren;
  readonly onClick: () => void;
  readonly attributes?: ButtonHTMLAttributes;
}) {
  return (
    <button
      type="button"
      className={style['icon']}
      aria-label={label}
      title={label}
      onClick={onClick}
      {...attributes}
    >
      {icon}
    </button>
  );
}

/** A number to call, as large as a button. */
export function CallLink({
  number,
  children,
  look = 'second',
  icon,
  wide = false,
}: {
  readonly number: string;
  readonly children: ComponentChildren;
  readonly look?: 'main' | 'second' | 'danger' | 'plain';
  readonly icon?: ComponentChildren;
  readonly wide?: boolean;
}) {
  return (
    <a
      className={style['button']}
      data-look={look}
      data-wide={wide || undefined}
      href={`tel:${number.replaceAll(/[^+\d*#,;]/g, '')}`}
    >
      {icon}
      <span>{children}</span>
    </a>
  );
}
