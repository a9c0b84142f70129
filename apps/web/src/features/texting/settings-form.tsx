import type { TextingSettings } from '@baton/wire';
import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  Progress,
  Stack,
  TextInput,
} from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { Section } from '../../design/primitives/pane.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { HoursField } from './hours-field.tsx';
import { OwnerField } from './owner-field.tsx';
import { RoutesField } from './routes-field.tsx';
import style from './texting.module.css';
import { fromClock, toClock } from './clock-text.ts';
import type { PartProps } from './part-props.ts';
import { TopicsField } from './topics-field.tsx';
import { TwoLanguages } from './two-languages.tsx';

const HOUR = 3_600_000;
const MINUTE = 60_000;

export interface SettingsFormProps {
  readonly initial: TextingSettings;
  readonly established: boolean;
  readonly disabled: boolean;
  readonly onEstablished: () => void;
}

export function SettingsForm({ initial, established, disabled, onEstablished }: SettingsFormProps) {
  const { t } = useLingui();
  const { care } = useSession();
  const action = useAction();
  const [draft, setDraft] = useState(initial);
  const [progress, setProgress] = useState<number | null>(null);
  const [saved, setSaved] = useState(false);
  const change = (part: Partial<TextingSettings>): void => {
    setSaved(false);
    setDraft({ ...draft, ...part });
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void action
      .run(async () => {
        if (!established) await care.establish(draft);
        else await care.saveSettings(draft, (done, all) => setProgress(all === 0 ? 100 : (100 * done) / all));
      })
      .then((done) => {
        setProgress(null);
        if (!done) return;
        setSaved(true);
        if (!established) onEstablished();
      });
  };
  const parts = { draft, change };
  return (
    <form onSubmit={submit}>
      <fieldset className={style['form']} disabled={disabled}>
        <PracticePart {...parts} />
        <AnswersPart {...parts} />
        <Section
          title={t`Topics`}
          text={<Trans>What a patient can choose when writing, and who answers then.</Trans>}
        >
          <TopicsField {...parts} />
          <RoutesField {...parts} />
        </Section>
        <TextsPart {...parts} />
        <PolicyPart {...parts} />
        <div className={style['end']}>
          <FailureNotice sentence={action.failure} />
          {progress !== null && <Progress value={progress} aria-label={t`Telling every conversation`} />}
          {saved && (
            <Notice tone="done" role="status">
              <Trans>Saved.</Trans>
            </Notice>
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={action.busy}>
              {established ? <Trans>Save</Trans> : <Trans>Start</Trans>}
            </Button>
          </Group>
        </div>
      </fieldset>
    </form>
  );
}

function PracticePart({ draft, change }: PartProps) {
  const { t } = useLingui();
  return (
    <Section title={t`The practice`}>
      <Stack gap="sm">
        <div className={style['pair']}>
          <TextInput
            label={t`Name that patients know`}
            value={draft.practice}
            maxLength={120}
            required
            onChange={(event) => change({ practice: event.currentTarget.value })}
          />
          <TextInput
            label={t`Telephone that patients call`}
            type="tel"
            value={draft.phone}
            maxLength={60}
            onChange={(event) => change({ phone: event.currentTarget.value })}
          />
        </div>
        <div className={`${style['pair']} ${style['even']}`}>
          <TextInput
            label={t`Number that texts come from`}
            type="tel"
            value={draft.number ?? ''}
            description={t`With the country code, for your own record. The carrier's settings on the station say which number is really used.`}
            onChange={(event) => {
              const number = event.currentTarget.value.replaceAll(/[\s().-]/g, '');
              change({ number: number === '' ? null : number });
            }}
          />
          <NativeSelect
            label={t`Time zone of the practice`}
            value={draft.timeZone}
            onChange={(event) => change({ timeZone: event.currentTarget.value })}
            data={[...new Set([draft.timeZone, ...Intl.supportedValuesOf('timeZone')])]}
          />
        </div>
        <HoursField hours={draft.hours} onChange={(hours) => change({ hours })} />
      </Stack>
    </Section>
  );
}

function AnswersPart({ draft, change }: PartProps) {
  const { t } = useLingui();
  return (
    <Section
      title={t`Who answers, and by when`}
      text={<Trans>Everything that a patient writes is owed by somebody from the moment it arrives.</Trans>}
    >
      <Stack gap="sm">
        <div className={style['pair']}>
          <OwnerField
            label={t`Answers when nothing else fits`}
            owner={draft.askTo}
            onChange={(askTo) => change({ askTo })}
          />
          <NumberInput
            label={t`Within hours`}
            min={0.25}
            max={168}
            step={0.5}
            value={draft.withinMs / HOUR}
            onChange={(value) => change({ withinMs: Math.round(Number(value) * HOUR) })}
          />
        </div>
        <div className={style['pair']}>
          <OwnerField
            label={t`Asked when a message has emergency words`}
            owner={draft.urgentTo}
            onChange={(urgentTo) => change({ urgentTo })}
          />
          <NumberInput
            label={t`Within minutes`}
            min={1}
            max={120}
            value={draft.urgentWithinMs / MINUTE}
            onChange={(value) => change({ urgentWithinMs: Math.round(Number(value) * MINUTE) })}
          />
        </div>
        <TwoLanguages
          label={t`Reply time, as patients read it`}
          value={draft.replyTime}
          onChange={(replyTime) => change({ replyTime })}
        />
        <TwoLanguages
          label={t`Answer outside opening hours (once in 15 minutes)`}
          value={draft.afterHours}
          onChange={(afterHours) => change({ afterHours })}
        />
      </Stack>
    </Section>
  );
}

function TextsPart({ draft, change }: PartProps) {
  const { t } = useLingui();
  const reminders = draft.remindAfterMin.join(', ');
  return (
    <Section
      title={t`Texts`}
      text={<Trans>Times are the patient's own. What cannot go now waits; it is never dropped.</Trans>}
    >
      <div className={`${style['pair']} ${style['even']}`}>
        <TextInput
          type="time"
          label={t`No texts before`}
          value={toClock(draft.quiet.from)}
          onChange={(event) =>
            change({
              quiet: { ...draft.quiet, from: fromClock(event.currentTarget.value, draft.quiet.from) },
            })
          }
        />
        <TextInput
          type="time"
          label={t`No texts after`}
          value={toClock(draft.quiet.until)}
          onChange={(event) =>
            change({
              quiet: { ...draft.quiet, until: fromClock(event.currentTarget.value, draft.quiet.until) },
            })
          }
        />
        <NumberInput
          label={t`Without consent, a day at most`}
          min={0}
          max={10}
          value={draft.cap.perDay}
          onChange={(value) => change({ cap: { ...draft.cap, perDay: Number(value) } })}
        />
        <NumberInput
          label={t`Without consent, a week at most`}
          min={0}
          max={20}
          value={draft.cap.perWeek}
          onChange={(value) => change({ cap: { ...draft.cap, perWeek: Number(value) } })}
        />
        <TextInput
          label={t`Remind of an unopened message after minutes`}
          defaultValue={reminders}
          onBlur={(event) =>
            change({
              remindAfterMin: event.currentTarget.value
                .split(/[\s,]+/)
                .map(Number)
                .filter((minutes) => Number.isInteger(minutes) && minutes > 0)
                .slice(0, 4),
            })
          }
        />
      </div>
    </Section>
  );
}

function PolicyPart({ draft, change }: PartProps) {
  const { t } = useLingui();
  const { directory } = useSession();
  const roles = useLive(directory.roles).filter(({ use }) => use === 'team');
  return (
    <Section title={t`Who reads, and policies`}>
      <Stack gap="sm">
        <fieldset className={style['roles']}>
          <legend>{t`Teams that read and write in every patient's conversation`}</legend>
          {roles.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={draft.team.includes(id)}
              onChange={(event) =>
                change({
                  team: event.currentTarget.checked
                    ? [...draft.team, id]
                    : draft.team.filter((role) => role !== id),
                })
              }
            />
          ))}
        </fieldset>
        <div className={`${style['pair']} ${style['even']}`}>
          <NumberInput
            label={t`Private conversation for adolescents from age`}
            description={t`Empty: your practice has not decided. State law decides what parents may see.`}
            min={10}
            max={17}
            value={draft.confidentialFromAge ?? ''}
            onChange={(value) => change({ confidentialFromAge: value === '' ? null : Number(value) })}
          />
          <NumberInput
            label={t`Look when a result is not opened for days`}
            description={t`0: nobody looks.`}
            min={0}
            max={60}
            value={draft.resultOpenDays}
            onChange={(value) => change({ resultOpenDays: Number(value) })}
          />
        </div>
      </Stack>
    </Section>
  );
}
