import { Textarea } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import style from './texting.module.css';

/** Words that patients read, in both languages beside each other. */
export function TwoLanguages({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: { readonly en: string; readonly es: string };
  readonly onChange: (value: { en: string; es: string }) => void;
}) {
  const { t } = useLingui();
  return (
    <div className={style['pair']}>
      <Textarea
        label={label}
        description={t`English`}
        autosize
        minRows={2}
        value={value.en}
        onChange={(event) => onChange({ ...value, en: event.currentTarget.value })}
      />
      <Textarea
        label={label}
        description={t`Spanish`}
        lang="es"
        autosize
        minRows={2}
        value={value.es}
        onChange={(event) => onChange({ ...value, es: event.currentTarget.value })}
      />
    </div>
  );
}
