import type { ComponentChildren, InputHTMLAttributes, Ref } from 'preact';
import { useId } from 'preact/hooks';
import { WarnIcon } from './icons.tsx';
import style from './field.module.css';

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | null;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly attributes?: InputHTMLAttributes;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly large?: boolean;
}

/** One line to type in, with what it is for above it and what is wrong below it. */
export function Field({
  label,
  hint,
  error = null,
  value,
  onText,
  attributes,
  inputRef,
  large = false,
}: FieldProps) {
  const id = useId();
  const described = [hint === undefined ? null : `${id}h`, error === null ? null : `${id}e`];
  return (
    <div className={style['field']}>
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}h`} className={style['hint']}>
          {hint}
        </p>
      )}
      <input
        id={id}
        ref={inputRef ?? null}
        value={value}
        data-large={large || undefined}
        aria-invalid={error !== null}
        aria-describedby={described.filter((part) => part !== null).join(' ') || undefined}
        onInput={(event) => onText(event.currentTarget.value)}
        {...attributes}
      />
      <FieldError id={`${id}e`} error={error} />
    </div>
  );
}

/** Stands in the page before there is an error, so that it is read when one comes. */
export function FieldError({ id, error }: { readonly id?: string; readonly error: string | null }) {
  return (
    <div id={id} role="alert" className={style['error']}>
      {error !== null && (
        <p>
          <WarnIcon size={20} />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}
