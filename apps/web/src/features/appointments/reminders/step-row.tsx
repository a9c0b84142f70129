import type { Preparation, ReminderSettings, ReminderStep } from '@baton/wire';
import { Button, Group, NativeSelect, NumberInput, Switch } from '@mantine/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconChevronDown } from '@tabler/icons-react';
import { useId } from 'react';
import style from '../appointments.module.css';
import { useStepWords } from './step-words.ts';
import { TextPair } from './text-pair.tsx';
import { TextPreview } from './text-preview.tsx';

const TO_WORDS: Readonly<Record<ReminderStep['to'], MessageDescriptor>> = {
  all: msg`everybody`,
  unconfirmed: msg`who has not confirmed`,
  confirmed: msg`who has confirmed`,
  'likely-no-show': msg`who will likely not come`,
};

const KIND_WORDS: Readonly<Record<ReminderStep['kind'], MessageDescriptor>> = {
  booked: msg`News of a booking`,
  reminder: msg`Reminder`,
  'no-show': msg`After a no-show`,
  thanks: msg`Thanks`,
  survey: msg`Question after the visit`,
};

const ANCHORS: Readonly<Record<ReminderStep['kind'], ReminderStep['anchor']>> = {
  booked: 'booking',
  reminder: 'before',
  'no-show': 'after',
  thanks: 'after',
  survey: 'after',
};

/** In minutes. */
const UNITS = [
  ['minutes', 1],
  ['hours', 60],
  ['days', 1440],
  ['weeks', 10_080],
] as const;

export interface StepRowProps {
  readonly step: ReminderStep;
  readonly survey: ReminderSettings['survey'];
  readonly preparations: readonly Preparation[];
  readonly open: boolean;
  readonly onToggle: () => void;
  /** null takes it out. */
  readonly onChange: (step: ReminderStep | null) => void;
}

/** One step of the cadence: on or off, when, to whom; opened, its words with what patients will read. */
export function StepRow(props: StepRowProps) {
  const { step, open, onToggle, onChange } = props;
  const { t, i18n } = useLingui();
  const stepWords = useStepWords();
  const editorId = useId();
  const name = stepWords(step);
  return (
    <li className={style['step']} data-open={open || undefined}>
      <div className={style['step-head']}>
        <Switch
          aria-label={t`${name}, to ${i18n._(TO_WORDS[step.to])}`}
          checked={step.active}
          onChange={(event) => onChange({ ...step, active: event.currentTarget.checked })}
        />
        <button
          type="button"
          className={style['step-button']}
          aria-expanded={open}
          aria-controls={open ? editorId : undefined}
          onClick={onToggle}
        >
          <span className={style['grow']}>
            <b data-off={!step.active || undefined}>{name}</b>
            <span className={style['sub']}>
              {t`to ${i18n._(TO_WORDS[step.to])}`}
              {step.kind !== 'survey' && ` · ${step.text.en}`}
            </span>
          </span>
          <IconChevronDown size={18} stroke={1.7} aria-hidden="true" />
        </button>
      </div>
      {open && (
        <div id={editorId} className={style['editor']}>
          <Editor {...props} />
        </div>
      )}
    </li>
  );
}

function Editor({ step, survey, preparations, onChange }: StepRowProps) {
  const { t, i18n } = useLingui();
  const change = (part: Partial<ReminderStep>): void => onChange({ ...step, ...part });
  const isSurvey = step.kind === 'survey';
  const places = '{given}, {date}, {time}, {practice}, {phone}';
  return (
    <>
      <div className={style['columns']}>
        <NativeSelect
          label={t`What it is`}
          value={step.kind}
          onChange={(event) => {
            const kind = event.currentTarget.value as ReminderStep['kind'];
            change({ kind, anchor: ANCHORS[kind] });
          }}
          data={Object.entries(KIND_WORDS).map(([value, words]) => ({ value, label: i18n._(words) }))}
        />
        <Span step={step} onChange={(minutes) => change({ minutes })} />
        <NativeSelect
          label={t`To`}
          value={step.to}
          onChange={(event) => change({ to: event.currentTarget.value as ReminderStep['to'] })}
          data={Object.entries(TO_WORDS).map(([value, words]) => ({ value, label: i18n._(words) }))}
        />
      </div>
      {!isSurvey && (
        <>
          <p className={style['quiet']}>{t`Filled in: ${places}.`}</p>
          <TextPair
            label={t`On the page`}
            kind="page"
            value={step.text}
            most={1200}
            onChange={(text) => change({ text })}
          />
          <TextPair
            label={t`By text`}
            description={t`Practice, day, time and letters to answer with: nothing that says what the visit is for.`}
            kind="text"
            value={step.short}
            most={300}
            onChange={(short) => change({ short })}
          />
        </>
      )}
      <h3 className={style['preview-title']}>
        <Trans>What patients read</Trans>
      </h3>
      <TextPreview step={step} survey={survey} preparations={preparations} />
      <Group justify="flex-end">
        <Button size="compact-md" variant="subtle" color="red" onClick={() => onChange(null)}>
          <Trans>Take this line out</Trans>
        </Button>
      </Group>
    </>
  );
}

function Span({
  step: { anchor, minutes },
  onChange,
}: {
  readonly step: ReminderStep;
  readonly onChange: (minutes: number) => void;
}) {
  const { t } = useLingui();
  const [unit, size] = UNITS.toReversed().find(([, each]) => minutes > 0 && minutes % each === 0) ?? UNITS[1];
  const label =
    anchor === 'before' ? t`Before the visit` : anchor === 'after' ? t`After the visit` : t`After booking`;
  return (
    <div className={style['pair-tight']}>
      <NumberInput
        label={label}
        min={0}
        max={365}
        value={minutes / size}
        onChange={(value) => onChange(Math.round(Number(value) * size))}
      />
      <NativeSelect
        label={t`Unit`}
        value={unit}
        onChange={(event) => {
          const next = UNITS.find(([name]) => name === event.currentTarget.value);
          if (next) onChange((minutes / size) * next[1]);
        }}
        data={[
          { value: 'minutes', label: t`minutes` },
          { value: 'hours', label: t`hours` },
          { value: 'days', label: t`days` },
          { value: 'weeks', label: t`weeks` },
        ]}
      />
    </div>
  );
}
