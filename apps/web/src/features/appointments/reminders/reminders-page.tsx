import { REMINDER_CADENCE_SOURCE } from '@baton/clinical';
import type { Owner } from '@baton/client';
import type { ReminderSettings, ReminderStep } from '@baton/wire';
import { Button, Checkbox, Group, NumberInput, Switch } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { OwnerPicker } from '../../../design/batons/owner-picker.tsx';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { Section } from '../../../design/primitives/pane.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import style from '../appointments.module.css';
import { PreparationsPart } from './preparations-part.tsx';
import { StepRow } from './step-row.tsx';
import { TextPair } from './text-pair.tsx';

const HOUR_MS = 3_600_000;
const MOST_STEPS = 12;

/** When patients are reminded, with which words, and what happens to their answers. */
export function RemindersPage() {
  const { appointments } = useSession();
  const settings = useLive(appointments.settings);
  return <SettingsForm initial={settings ?? appointments.suggestSettings()} isNew={settings === null} />;
}

export interface SettingsPart {
  readonly draft: ReminderSettings;
  readonly change: (part: Partial<ReminderSettings>) => void;
}

function SettingsForm({ initial, isNew }: { readonly initial: ReminderSettings; readonly isNew: boolean }) {
  const { t } = useLingui();
  const session = useSession();
  const { appointments } = session;
  const preparations = useLive(appointments.preparations);
  const action = useAction();
  const { draft, setDraft, isDirty, isOther, discard } = useDraft(initial);
  const [open, setOpen] = useState<string | null>(null);
  const change = (part: Partial<ReminderSettings>): void => setDraft({ ...draft, ...part });
  const isChanged = isNew || isDirty;
  const mayChange = session.can('patient.registry.write');
  const setStep = (id: string, step: ReminderStep | null): void =>
    change({ steps: draft.steps.flatMap((one) => (one.id === id ? (step === null ? [] : [step]) : [one])) });
  const addStep = (): void => {
    const id = freshId(draft.steps);
    change({ steps: [...draft.steps, newStep(id)] });
    setOpen(id);
  };
  return (
    <fieldset className={style['bare']} disabled={!mayChange}>
      <div className={style['head']}>
        <Switch
          label={draft.on ? t`Reminders are on` : t`Reminders are off`}
          checked={draft.on}
          onChange={(event) => change({ on: event.currentTarget.checked })}
        />
        <p className={style['summary']}>
          <Trans>
            Sent by the reminder assistant within the patient’s quiet hours and limits. It stops where a visit
            is cancelled or past, and at STOP.
          </Trans>{' '}
          <a href={REMINDER_CADENCE_SOURCE.url} target="_blank" rel="noreferrer">
            <Trans>Why 3 days and 1 day</Trans>
          </a>
        </p>
      </div>
      <Section
        title={t`What goes when`}
        text={<Trans>A reminder that asks for an answer stops once the patient has confirmed.</Trans>}
        action={
          draft.steps.length < MOST_STEPS && (
            <Button
              size="compact-md"
              variant="subtle"
              leftSection={<IconPlus size={17} stroke={1.8} aria-hidden="true" />}
              onClick={addStep}
            >
              <Trans>Add</Trans>
            </Button>
          )
        }
      >
        <ul className={style['list']}>
          {inOrder(draft.steps).map((step) => (
            <StepRow
              key={step.id}
              step={step}
              survey={draft.survey}
              preparations={preparations}
              open={open === step.id}
              onToggle={() => setOpen(open === step.id ? null : step.id)}
              onChange={(next) => setStep(step.id, next)}
            />
          ))}
        </ul>
      </Section>
      <Section
        title={t`Instructions and forms`}
        text={<Trans>They ride along with the reminders of a service. Saved by themselves.</Trans>}
      >
        <PreparationsPart />
      </Section>
      <AnswersPart draft={draft} change={change} />
      <SurveyPart draft={draft} change={change} />
      <FailureNotice sentence={action.failure} />
      {isChanged && (
        <SaveBar
          words={isNew ? 'new' : isOther ? 'other' : 'own'}
          busy={action.busy}
          onDiscard={discard}
          onSave={() => void action.run(() => appointments.saveSettings(draft))}
        />
      )}
    </fieldset>
  );
}

/** What is changed here stays; what somebody else saves is shown at once where nothing is changed here, and said where something is. */
function useDraft(initial: ReminderSettings) {
  const now = JSON.stringify(initial);
  const [base, setBase] = useState(now);
  const [draft, setDraft] = useState(initial);
  const mine = JSON.stringify(draft);
  const isDirty = mine !== base && mine !== now;
  const isOther = base !== now;
  if (isOther && !isDirty) {
    setBase(now);
    setDraft(initial);
  }
  const discard = (): void => {
    setBase(now);
    setDraft(initial);
  };
  return { draft, setDraft, isDirty, isOther, discard };
}

function SaveBar({
  words,
  busy,
  onDiscard,
  onSave,
}: {
  readonly words: 'new' | 'own' | 'other';
  readonly busy: boolean;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
}) {
  return (
    <div className={style['save']}>
      <Notice tone="waiting">
        {words === 'new' && <Trans>These are suggestions. Nothing is sent before you save them.</Trans>}
        {words === 'own' && <Trans>Not saved yet.</Trans>}
        {words === 'other' && (
          <Trans>
            Not saved yet, and a colleague saved other settings meanwhile: saving replaces theirs.
          </Trans>
        )}
      </Notice>
      <Group gap="sm">
        {words !== 'new' && (
          <Button variant="default" onClick={onDiscard}>
            <Trans>Discard</Trans>
          </Button>
        )}
        <Button loading={busy} onClick={onSave}>
          <Trans>Save</Trans>
        </Button>
      </Group>
    </div>
  );
}

function AnswersPart({ draft, change }: SettingsPart) {
  const { t } = useLingui();
  const { duty } = useSession();
  useLive(duty.queues);
  const [picking, setPicking] = useState(false);
  const chosen: Owner | null = picking || draft.askTo === null ? null : duty.owner(draft.askTo);
  return (
    <Section
      title={t`Answers`}
      text={
        <Trans>
          C confirms, R asks for another time, X cancels; free words are understood too, or a person is asked.
        </Trans>
      }
    >
      <div className={style['pair']}>
        <NumberInput
          label={t`Free times shown to who wants another`}
          min={1}
          max={5}
          value={draft.slotChoices}
          onChange={(value) => change({ slotChoices: Number(value) })}
        />
        <NumberInput
          label={t`Minutes that an offer is held on the waitlist`}
          min={5}
          max={2880}
          value={draft.holdMinutes}
          onChange={(value) => change({ holdMinutes: Number(value) })}
        />
        <OwnerPicker
          label={t`Asked when nothing is free or understood`}
          chosen={chosen}
          onChange={(owner) => {
            setPicking(owner === null);
            if (owner !== null) change({ askTo: owner.id });
          }}
        />
        <NumberInput
          label={t`Within hours`}
          min={0.5}
          max={168}
          step={0.5}
          value={draft.withinMs / HOUR_MS}
          onChange={(value) => change({ withinMs: Math.round(Number(value) * HOUR_MS) })}
        />
      </div>
      <Checkbox
        mt="md"
        label={t`Visits of one patient on one day are one reminder`}
        checked={draft.mergeSameDay}
        onChange={(event) => change({ mergeSameDay: event.currentTarget.checked })}
      />
    </Section>
  );
}

function SurveyPart({ draft, change }: SettingsPart) {
  const { t } = useLingui();
  const { survey } = draft;
  return (
    <Section
      title={t`Question after the visit`}
      text={<Trans>Only for patients who agreed to be asked. It goes when its line above is on.</Trans>}
    >
      <TextPair
        label={t`The question`}
        kind="text"
        value={survey.question}
        most={300}
        onChange={(question) => change({ survey: { ...survey, question } })}
      />
      <NumberInput
        label={t`Best answer`}
        description={t`1 is the worst.`}
        min={2}
        max={5}
        maw="12rem"
        value={survey.choices}
        onChange={(value) => change({ survey: { ...survey, choices: Number(value) } })}
      />
    </Section>
  );
}

/** From the first that a patient gets to the last. */
function inOrder(steps: readonly ReminderStep[]): readonly ReminderStep[] {
  const place = ({ anchor, minutes }: ReminderStep): number =>
    anchor === 'booking' ? -1e9 + minutes : anchor === 'before' ? -minutes : minutes;
  return steps.toSorted((a, b) => place(a) - place(b));
}

function freshId(steps: readonly ReminderStep[]): string {
  for (let number = 1; ; number += 1)
    if (!steps.some(({ id }) => id === `own-${number}`)) return `own-${number}`;
}

function newStep(id: string): ReminderStep {
  return {
    id,
    kind: 'reminder',
    anchor: 'before',
    minutes: 2 * 1440,
    to: 'unconfirmed',
    active: true,
    text: {
      en: 'Hi {given}. You have a visit on {date} at {time}.',
      es: 'Hola, {given}. Tiene una cita el {date} a las {time}.',
    },
    short: {
      en: '{practice}: you have a visit on {date} at {time}.',
      es: '{practice}: tiene una cita el {date} a las {time}.',
    },
  };
}
