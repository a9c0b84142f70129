import type { Regimen } from '@baton/wire';
import { Button, Group, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { IconAction } from '../../../design/primitives/icon-action.tsx';
import style from '../programmes.module.css';
import { TIME_NAMES } from '../words.ts';
import { daysWords, readDays } from './plan-days.ts';

export type RegimenDraft = Omit<Regimen, 'version' | 'confirmedBy' | 'confirmedAt'>;
type Time = Regimen['times'][number];

const TIMES = ['morning', 'noon', 'evening', 'night'] as const;

/** A plan with nothing in it: amounts come from the order, and from nowhere else. */
export function emptyRegimen(today: string): RegimenDraft {
  return {
    drug: '',
    order: null,
    cycleStart: today,
    cycleDays: 21,
    onDays: [],
    cycles: null,
    times: [{ id: 'morning', doses: [] }],
    holds: [],
    reviewBy: '',
  };
}

/** Whether there is enough of it for a calendar. */
export function isWhole(draft: RegimenDraft): boolean {
  const dosesAreWhole = draft.times.every(
    ({ doses }) =>
      doses.length > 0 &&
      doses.every(({ strengthMg, tablets }) => strengthMg > 0 && tablets >= 0) &&
      doses.some(({ tablets }) => tablets > 0),
  );
  const hasDates = [draft.cycleStart, draft.reviewBy].every((date) => /^\d{4}-\d{2}-\d{2}$/.test(date));
  return (
    draft.drug.trim() !== '' && draft.onDays.length > 0 && draft.times.length > 0 && dosesAreWhole && hasDates
  );
}

/** The order as a plan: cycle, days with tablets, sizes and counts by time of the day. */
export function RegimenForm({
  draft,
  onChange,
}: {
  readonly draft: RegimenDraft;
  readonly onChange: (draft: RegimenDraft) => void;
}) {
  const { i18n } = useLingui();
  const set = (part: Partial<RegimenDraft>): void => onChange({ ...draft, ...part });
  const unused = TIMES.filter((id) => draft.times.every((time) => time.id !== id));
  return (
    <Stack gap="sm">
      <CycleFields draft={draft} set={set} />
      {draft.times.map((time) => (
        <TimeFields
          key={time.id}
          time={time}
          onChange={(next) => set({ times: draft.times.map((one) => (one.id === time.id ? next : one)) })}
          onRemove={
            draft.times.length > 1
              ? () => set({ times: draft.times.filter(({ id }) => id !== time.id) })
              : null
          }
        />
      ))}
      <Group gap="xs">
        {unused.map((id) => (
          <Button
            key={id}
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={15} stroke={1.8} aria-hidden="true" />}
            onClick={() =>
              set({
                times: TIMES.flatMap((one) => {
                  const known = draft.times.find((time) => time.id === one);
                  return known ? [known] : one === id ? [{ id, doses: [] }] : [];
                }),
              })
            }
          >
            {i18n._(TIME_NAMES[id])}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

/** Medicine, cycle and days. */
function CycleFields({
  draft,
  set,
}: {
  readonly draft: RegimenDraft;
  readonly set: (part: Partial<RegimenDraft>) => void;
}) {
  const { t } = useLingui();
  const [days, setDays] = useState(daysWords(draft.onDays));
  const daysRead = readDays(days, draft.cycleDays);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <TextInput
        label={t`Medicine`}
        required
        value={draft.drug}
        onChange={(event) => set({ drug: event.currentTarget.value })}
      />
      <TextInput
        label={t`Order in your record system`}
        value={draft.order ?? ''}
        onChange={(event) => set({ order: event.currentTarget.value || null })}
      />
      <TextInput
        type="date"
        label={t`First day of the first cycle`}
        required
        value={draft.cycleStart}
        onChange={(event) => set({ cycleStart: event.currentTarget.value })}
      />
      <NumberInput
        label={t`Days of a cycle`}
        required
        min={1}
        max={84}
        value={draft.cycleDays}
        onChange={(value) => set({ cycleDays: Number(value) || 1 })}
      />
      <TextInput
        label={t`Days on which it is taken`}
        description={t`For example 1-14`}
        required
        value={days}
        error={days !== '' && daysRead === null ? t`These days do not fit the cycle.` : null}
        onChange={(event) => {
          setDays(event.currentTarget.value);
          set({ onDays: [...(readDays(event.currentTarget.value, draft.cycleDays) ?? [])] });
        }}
      />
      <NumberInput
        label={t`Number of cycles`}
        description={t`Empty: until somebody ends it`}
        min={1}
        max={60}
        value={draft.cycles ?? ''}
        onChange={(value) => set({ cycles: value === '' ? null : Number(value) })}
      />
      <TextInput
        type="date"
        label={t`Look again by`}
        description={t`After this day no dose is named until somebody has confirmed the plan.`}
        required
        value={draft.reviewBy}
        onChange={(event) => set({ reviewBy: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}

/** Sizes and counts at one time of the day. */
function TimeFields({
  time,
  onChange,
  onRemove,
}: {
  readonly time: Time;
  readonly onChange: (time: Time) => void;
  readonly onRemove: (() => void) | null;
}) {
  const { t, i18n } = useLingui();
  const put = (doses: Time['doses']): void => onChange({ ...time, doses });
  return (
    <fieldset className={style['time']}>
      <legend>{i18n._(TIME_NAMES[time.id])}</legend>
      {time.doses.map((dose, index) => (
        // Keyed by place: two sizes can be alike while one types.
        <Group key={index} gap="xs" align="end" wrap="nowrap">
          <NumberInput
            label={t`Tablets`}
            min={0}
            max={20}
            value={dose.tablets}
            onChange={(value) => put(replaced(time.doses, index, { ...dose, tablets: Number(value) || 0 }))}
          />
          <NumberInput
            label={t`of (mg)`}
            min={0}
            value={dose.strengthMg === 0 ? '' : dose.strengthMg}
            onChange={(value) =>
              put(replaced(time.doses, index, { ...dose, strengthMg: Number(value) || 0 }))
            }
          />
          <IconAction
            label={t`Remove this size`}
            onClick={() => put(time.doses.filter((_, place) => place !== index))}
          >
            <IconTrash size={17} stroke={1.7} />
          </IconAction>
        </Group>
      ))}
      <Group gap="xs">
        {time.doses.length < MOST_SIZES && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={15} stroke={1.8} aria-hidden="true" />}
            onClick={() => put([...time.doses, { strengthMg: 0, tablets: 1 }])}
          >
            <Trans>Tablet size</Trans>
          </Button>
        )}
        {onRemove && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={onRemove}>
            <Trans>Remove this time</Trans>
          </Button>
        )}
      </Group>
    </fieldset>
  );
}

const MOST_SIZES = 4;

function replaced<T>(all: readonly T[], index: number, one: T): T[] {
  return all.map((other, place) => (place === index ? one : other));
}
