import { PATIENT_GRADE, readingLevel } from '@baton/clinical';
import { measureText } from '@baton/policy';
import type { Language } from '@baton/wire';
import { Textarea } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import style from '../appointments.module.css';

const LANGUAGES: readonly Language[] = ['en', 'es'];

/** The same words in both languages of patients, each with what it costs to read, or to send. */
export function TextPair({
  label,
  description,
  kind,
  value,
  most,
  onChange,
}: {
  readonly label: string;
  readonly description?: string;
  /** `text` goes by SMS; `page` is read on the page. */
  readonly kind: 'text' | 'page';
  readonly value: { readonly en: string; readonly es: string };
  readonly most: number;
  readonly onChange: (value: { en: string; es: string }) => void;
}) {
  const { t } = useLingui();
  return (
    <fieldset className={style['plain-set']}>
      <legend>{label}</legend>
      {description !== undefined && <p className={style['quiet']}>{description}</p>}
      <div className={style['pair']}>
        {LANGUAGES.map((language) => (
          <Textarea
            key={language}
            lang={language}
            label={language === 'en' ? t`English` : t`Spanish`}
            description={<Cost kind={kind} text={value[language]} language={language} />}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autosize
            minRows={2}
            maxLength={most}
            value={value[language]}
            onChange={(event) => onChange({ ...value, [language]: event.currentTarget.value })}
          />
        ))}
      </div>
    </fieldset>
  );
}

function Cost({
  kind,
  text,
  language,
}: {
  readonly kind: 'text' | 'page';
  readonly text: string;
  readonly language: Language;
}) {
  const { t } = useLingui();
  if (text.trim() === '') return kind === 'text' ? t`Empty: a text says only that a message waits.` : null;
  if (kind === 'page') {
    const { grade } = readingLevel(text, language);
    const level = Math.max(1, Math.round(grade));
    return grade > PATIENT_GRADE
      ? t`Reads at grade ${level}: shorter sentences and plain words bring it to ${PATIENT_GRADE}.`
      : t`Reads at grade ${level}.`;
  }
  const { units, segments, encoding } = measureText(text);
  const parts = plural(segments, { one: '# text', other: '# texts' });
  return encoding === 'gsm-7'
    ? t`${units} characters, ${parts}, before names and times are filled in.`
    : t`${units} characters, ${parts}: a letter in it makes texts half as long.`;
}
