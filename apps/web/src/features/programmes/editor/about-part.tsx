import { NativeSelect, SimpleGrid, Textarea } from '@mantine/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { NumberField, WordsField } from './fields.tsx';
import { Part, type PartProps } from './part.tsx';

const REVIEWS = {
  original: msg`written in it`,
  'for-review': msg`translated, not reviewed`,
  reviewed: msg`reviewed by a translator`,
} as const;

/** What it is called and for whom it is; languages; what silence means. */
export function AboutPart({ protocol, change }: Omit<PartProps, 'names'>) {
  const { t, i18n } = useLingui();
  const reviews = Object.entries(REVIEWS).map(([value, label]) => ({ value, label: i18n._(label) }));
  return (
    <Part title={t`About`}>
      <WordsField
        label={t`Name`}
        short
        value={protocol.name}
        onChange={(name) => change((now) => ({ ...now, name }))}
      />
      <Textarea
        label={t`What it is for, and for whom not`}
        autosize
        minRows={2}
        value={protocol.about}
        onChange={(event) => {
          const about = event.currentTarget.value;
          change((now) => ({ ...now, about }));
        }}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <NativeSelect
          label={t`If a patient is silent`}
          value={protocol.risk}
          onChange={(event) => {
            const risk = event.currentTarget.value as 'high' | 'low';
            change((now) => ({ ...now, risk }));
          }}
          data={[
            { value: 'high', label: t`somebody looks after them` },
            { value: 'low', label: t`it may end by itself` },
          ]}
        />
        <NumberField
          label={t`Highest school grade of its texts`}
          min={1}
          max={8}
          value={protocol.readingGrade}
          onChange={(readingGrade) => change((now) => ({ ...now, readingGrade }))}
        />
        {(['en', 'es'] as const).map((language) => (
          <NativeSelect
            key={language}
            label={language === 'en' ? t`English texts` : t`Spanish texts`}
            value={protocol.translations[language]}
            onChange={(event) => {
              const state = event.currentTarget.value as keyof typeof REVIEWS;
              change((now) => ({ ...now, translations: { ...now.translations, [language]: state } }));
            }}
            data={reviews}
          />
        ))}
      </SimpleGrid>
    </Part>
  );
}
