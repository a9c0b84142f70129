import { missingSettings, type Protocol } from '@baton/clinical';
import { NativeSelect, NumberInput, SimpleGrid } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';

/** Values that the site gives: never a default of the document. */
export function SettingsFields({
  document,
  values,
  onChange,
}: {
  readonly document: Protocol;
  readonly values: Readonly<Record<string, number>>;
  readonly onChange: (values: Readonly<Record<string, number>>) => void;
}) {
  const { t, i18n } = useLingui();
  const language = i18n.locale === 'es' ? 'es' : 'en';
  const missing = new Set(missingSettings(document, values));
  const set = (key: string, value: string | number): void => {
    const rest = Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
    onChange(value === '' ? rest : { ...rest, [key]: Number(value) });
  };
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      {document.settings.map(({ key, label, unit, choices, range, sources }) => {
        const from = sources
          .map((source) => document.sources[source]?.publisher ?? '')
          .filter((name) => name !== '');
        const description = [unit, ...from].filter((part) => part !== null).join(' · ');
        const problem = key in values && missing.has(key) ? t`This does not fit the other values.` : null;
        return choices.length > 0 ? (
          <NativeSelect
            key={key}
            label={label[language]}
            description={description}
            error={problem}
            value={values[key] === undefined ? '' : String(values[key])}
            onChange={(event) => set(key, event.currentTarget.value)}
            data={[
              { value: '', label: t`Choose` },
              ...choices.map((choice) => ({ value: String(choice.value), label: choice.label[language] })),
            ]}
          />
        ) : (
          <NumberInput
            key={key}
            label={label[language]}
            description={description}
            error={problem}
            {...(range === null ? {} : { min: range.min, max: range.max })}
            value={values[key] ?? ''}
            onChange={(value) => set(key, value)}
          />
        );
      })}
    </SimpleGrid>
  );
}
