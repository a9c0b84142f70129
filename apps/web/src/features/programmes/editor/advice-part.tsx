import type { Advice } from '@baton/clinical';
import { Checkbox } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { AddButton, Item, KeysField, placeActs, replaceAt, WordsField } from './fields.tsx';
import { freeName } from './names.ts';
import { Part, type PartProps } from './part.tsx';

/** The signed list: nothing else is ever said to a patient. */
export function AdvicePart({ protocol, names, change }: PartProps) {
  const { t } = useLingui();
  const { advice } = protocol;
  const set = (next: Advice[]): void => change((now) => ({ ...now, advice: next }));
  return (
    <Part title={t`Advice`} note={t`The whole list of what may be said. Plain words, sixth grade.`}>
      {advice.map((one, index) => (
        <Item key={one.id} title={one.id} note={one.text.en} {...placeActs(advice, index, set, 1)}>
          {() => {
            const put = (part: Partial<Advice>): void => set(replaceAt(advice, index, { ...one, ...part }));
            return (
              <>
                <WordsField label={t`Text`} value={one.text} onChange={(text) => put({ text })} />
                <Checkbox
                  label={t`Says not to take a dose until somebody has called`}
                  checked={one.hold}
                  onChange={(event) => put({ hold: event.currentTarget.checked })}
                />
                <KeysField
                  label={t`Sources`}
                  value={one.sources}
                  options={names.sources}
                  onChange={(sources) => put({ sources })}
                />
              </>
            );
          }}
        </Item>
      ))}
      <AddButton
        label={t`Advice`}
        onClick={() =>
          set([
            ...advice,
            {
              id: freeName('advice', names.advice),
              text: { en: 'Thank you.', es: 'Gracias.' },
              hold: false,
              sources: names.sources.slice(0, 1),
            },
          ])
        }
      />
    </Part>
  );
}
