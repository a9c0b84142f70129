import type { Escalation } from '@baton/clinical';
import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { ownerOf } from '../enrol/who-is-asked.tsx';
import { OwnerChoice } from '../owner-choice.tsx';
import { BAND_NAMES } from '../words.ts';
import { BoundField } from './condition-fields.tsx';
import { Item, KeyField, KeysField, NumberField, placeActs, replaceAt } from './fields.tsx';
import { Part, type PartProps } from './part.tsx';

/** Who is told, how urgently, and by when the patient is called. */
export function EscalationsPart({ protocol, names, change }: PartProps) {
  const { t, i18n } = useLingui();
  const { escalations } = protocol;
  const set = (next: Escalation[]): void => change((now) => ({ ...now, escalations: next }));
  return (
    <Part title={t`Who is told`}>
      {escalations.map((one, index) => (
        <Item
          key={one.id}
          title={one.id}
          note={`${i18n._(BAND_NAMES[one.band])} · ${one.to}`}
          {...placeActs(escalations, index, set, 1)}
        >
          {() => (
            <EscalationFields
              one={one}
              names={names}
              put={(part) => set(replaceAt(escalations, index, { ...one, ...part }))}
            />
          )}
        </Item>
      ))}
    </Part>
  );
}

function EscalationFields({
  one,
  names,
  put,
}: {
  readonly one: Escalation;
  readonly names: PartProps['names'];
  readonly put: (part: Partial<Escalation>) => void;
}) {
  const { t, i18n } = useLingui();
  const { callBack } = one;
  return (
    <>
      <TextInput
        label={t`Whom it is for, in words`}
        value={one.to}
        onChange={(event) => put({ to: event.currentTarget.value })}
      />
      <OwnerChoice
        label={t`Who is asked first`}
        owner={ownerOf(one.owner)}
        none={t`Whoever is named when a patient is enrolled, else as texting is set`}
        onChange={(owner) => put({ owner })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <NativeSelect
          label={t`How grave`}
          value={one.band}
          onChange={(event) => put({ band: event.currentTarget.value as Escalation['band'] })}
          data={(['amber', 'red'] as const).map((value) => ({
            value,
            label: i18n._(BAND_NAMES[value]),
          }))}
        />
        <NativeSelect
          label={t`Asked as`}
          value={one.contract}
          onChange={(event) => put({ contract: event.currentTarget.value as Escalation['contract'] })}
          data={[
            { value: 'stat', label: 'STAT' },
            { value: 'reply', label: t`Reply` },
          ]}
        />
        <NativeSelect
          label={t`The patient is called within`}
          value={callBack.t}
          onChange={(event) =>
            put({
              callBack:
                event.currentTarget.value === 'minutes'
                  ? { t: 'minutes', minutes: 60 }
                  : { t: 'business-days', days: 1 },
            })
          }
          data={[
            { value: 'minutes', label: t`minutes` },
            { value: 'business-days', label: t`business days` },
          ]}
        />
        {callBack.t === 'minutes' ? (
          <BoundField
            label={t`Minutes`}
            value={callBack.minutes}
            settings={names.settings}
            onChange={(minutes) => minutes !== null && put({ callBack: { t: 'minutes', minutes } })}
          />
        ) : (
          <NumberField
            label={t`Business days`}
            min={1}
            max={5}
            value={callBack.days}
            onChange={(days) => put({ callBack: { t: 'business-days', days } })}
          />
        )}
        <KeyField
          label={t`The patient is told`}
          value={one.tell}
          options={names.advice}
          onChange={(tell) => tell !== null && put({ tell })}
        />
      </SimpleGrid>
      <KeysField
        label={t`Sources`}
        value={one.sources}
        options={names.sources}
        onChange={(sources) => put({ sources })}
      />
    </>
  );
}
