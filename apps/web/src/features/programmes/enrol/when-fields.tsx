import type { Chart } from '@baton/client';
import type { Protocol } from '@baton/clinical';
import type { AccountId } from '@baton/kernel';
import type { Language } from '@baton/wire';
import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { clockWords, minuteOf } from '../clock-words.ts';
import { LANGUAGE_NAMES } from '../words.ts';

export interface WhenDraft {
  readonly language: Language;
  /** Minutes after midnight by the schedule's names. */
  readonly times: Record<string, number>;
  readonly proxy: AccountId | null;
}

/** Times of the day, language, and who answers. */
export function WhenFields({
  draft,
  document,
  chart,
  onChange,
}: {
  readonly draft: WhenDraft;
  readonly document: Protocol;
  readonly chart: Chart;
  readonly onChange: (draft: WhenDraft) => void;
}) {
  const { t, i18n } = useLingui();
  const language = i18n.locale === 'es' ? 'es' : 'en';
  const proxies = chart.people.filter(({ relation, state }) => relation !== 'self' && state === 'joined');
  const zone = chart.reach?.timeZone ?? '';
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      {document.slots.map(({ id, name, minute }) => (
        <TextInput
          key={id}
          type="time"
          label={name[language]}
          description={zone === '' ? t`the patient’s clock` : t`the patient’s clock, ${zone}`}
          value={clockWords(draft.times[id] ?? minute)}
          onChange={(event) =>
            onChange({
              ...draft,
              times: { ...draft.times, [id]: minuteOf(event.currentTarget.value, draft.times[id] ?? minute) },
            })
          }
        />
      ))}
      <NativeSelect
        label={t`Language`}
        description={
          document.translations[draft.language] === 'for-review'
            ? t`A qualified translator has not reviewed these texts.`
            : undefined
        }
        value={draft.language}
        onChange={(event) => onChange({ ...draft, language: event.currentTarget.value as Language })}
        data={(['en', 'es'] as const).map((value) => ({ value, label: i18n._(LANGUAGE_NAMES[value]) }))}
      />
      <NativeSelect
        label={t`Who answers`}
        value={draft.proxy ?? ''}
        onChange={(event) =>
          onChange({ ...draft, proxy: (event.currentTarget.value || null) as AccountId | null })
        }
        data={[
          { value: '', label: t`the patient` },
          ...proxies.map(({ account, name }) => ({ value: account as string, label: name })),
        ]}
      />
    </SimpleGrid>
  );
}
