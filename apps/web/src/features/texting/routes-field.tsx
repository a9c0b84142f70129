import type { Owner } from '@baton/client';
import type { TextingSettings } from '@baton/wire';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowDown, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { OwnerPicker } from '../../design/batons/owner-picker.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import type { PartProps } from './part-props.ts';
import style from './texting.module.css';

type Route = TextingSettings['routes'][number];

/**
 * First rule that fits answers; where none does, the default owner does. So nothing is ever unrouted. No location can be chosen, for nobody knows
 * one of a patient yet; a rule that names one all the same says that it fits nobody.
 */
export function RoutesField({ draft, change }: PartProps) {
  const { t } = useLingui();
  const { duty } = useSession();
  useLive(duty.queues);
  const [adding, setAdding] = useState(false);
  const { routes } = draft;
  const set = (index: number, part: Partial<Route>): void =>
    change({ routes: routes.map((route, place) => (place === index ? { ...route, ...part } : route)) });
  return (
    <div className={style['rows']}>
      <h3 className={style['sub']}>{t`Who answers what: the first line that fits counts`}</h3>
      {routes.map((route, index) => {
        const owner = duty.owner(route.to);
        return (
          // Keyed by place: rules can be alike, and their order is what counts.
          <div key={index} className={style['row']}>
            <NativeSelect
              aria-label={t`Topic`}
              value={route.topic ?? ''}
              onChange={(event) => set(index, { topic: event.currentTarget.value || null })}
              data={[
                { value: '', label: t`any topic` },
                ...draft.topics.map(({ id, en }) => ({ value: id, label: en === '' ? id : en })),
              ]}
            />
            {route.location !== null && (
              <TextInput
                aria-label={t`Location`}
                error={t`Locations are not known yet: this line fits nobody. Empty it.`}
                value={route.location}
                onChange={(event) => set(index, { location: event.currentTarget.value || null })}
              />
            )}
            <TextInput
              aria-label={t`Provider`}
              placeholder={t`any provider`}
              value={route.practitioner ?? ''}
              onChange={(event) => set(index, { practitioner: event.currentTarget.value || null })}
            />
            <span className={style['to']}>
              <IconArrowDown size={15} stroke={1.8} aria-hidden="true" />
              {owner?.name ?? t`nobody in use: the default answers`}
            </span>
            <IconAction
              label={t`Remove this line`}
              onClick={() => change({ routes: routes.filter((_, place) => place !== index) })}
            >
              <IconTrash size={18} stroke={1.7} />
            </IconAction>
          </div>
        );
      })}
      {adding ? (
        <OwnerPicker
          label={t`Who answers`}
          chosen={null}
          focusFirst
          onChange={(owner: Owner | null) => {
            setAdding(false);
            if (owner !== null)
              change({
                routes: [...routes, { topic: null, location: null, practitioner: null, to: owner.id }],
              });
          }}
        />
      ) : (
        <Button
          variant="subtle"
          leftSection={<IconPlus size={17} stroke={1.8} aria-hidden="true" />}
          onClick={() => setAdding(true)}
        >
          <Trans>Add a line</Trans>
        </Button>
      )}
    </div>
  );
}
