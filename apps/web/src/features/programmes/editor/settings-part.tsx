import type { ProtocolSetting } from '@baton/clinical';
import { SimpleGrid, TextInput } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { Item, KeyField, KeysField, placeActs, replaceAt, WordsField } from './fields.tsx';
import { Part, type PartProps } from './part.tsx';

/** Thresholds that the document does not decide: the site chooses them for each patient. */
export function SettingsPart({ protocol, names, change }: PartProps) {
  const { t } = useLingui();
  const { settings } = protocol;
  const set = (next: ProtocolSetting[]): void => change((now) => ({ ...now, settings: next }));
  if (settings.length === 0) return null;
  return (
    <Part title={t`Thresholds of the site`} note={t`Chosen when a patient is enrolled. There is no default.`}>
      {settings.map((setting, index) => (
        <Item
          key={setting.key}
          title={setting.label.en}
          note={setting.choices.map(({ label }) => label.en).join(' · ')}
          {...placeActs(settings, index, set)}
        >
          {() => {
            const put = (part: Partial<ProtocolSetting>): void =>
              set(replaceAt(settings, index, { ...setting, ...part }));
            return (
              <>
                <WordsField
                  label={t`Label`}
                  short
                  value={setting.label}
                  onChange={(label) => put({ label })}
                />
                <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
                  <TextInput
                    label={t`Unit`}
                    value={setting.unit ?? ''}
                    onChange={(event) => put({ unit: event.currentTarget.value || null })}
                  />
                  <KeyField
                    label={t`Has to be above`}
                    value={setting.above}
                    options={names.settings.filter((key) => key !== setting.key)}
                    none={t`nothing`}
                    onChange={(above) => put({ above })}
                  />
                </SimpleGrid>
                {setting.choices.map((choice, place) => (
                  <WordsField
                    key={choice.value}
                    label={String(choice.value)}
                    short
                    value={choice.label}
                    onChange={(label) =>
                      put({ choices: replaceAt(setting.choices, place, { ...choice, label }) })
                    }
                  />
                ))}
                <KeysField
                  label={t`Sources`}
                  value={setting.sources}
                  options={names.sources}
                  onChange={(sources) => put({ sources })}
                />
              </>
            );
          }}
        </Item>
      ))}
    </Part>
  );
}
