import type { Finding } from '@baton/client';
import type { Ladder } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { IconAction } from '../../../design/primitives/icon-action.tsx';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { DurationField } from '../fields/duration-field.tsx';
import { keepsFromSaving } from './finding-words.ts';
import style from './ladders.module.css';
import { StepRow } from './step-row.tsx';

type Step = Ladder['steps'][number];

const MAX_STEPS = 20;
const FIVE_MINUTES = 300_000;

/** Steps and times of a ladder. What the simulator finds wrong keeps it from being saved. */
export function LadderForm({
  saved,
  draft,
  findings,
  onChange,
}: {
  /** null: a new one. */
  readonly saved: Ladder | null;
  readonly draft: Ladder;
  readonly findings: readonly Finding[];
  readonly onChange: (draft: Ladder) => void;
}) {
  const { t } = useLingui();
  const { duty } = useSession();
  const action = useAction();
  const [former, setFormer] = useState<Ladder | null>(null);
  const change = (part: Partial<Ladder>): void => onChange({ ...draft, ...part });
  const save = (ladder: Ladder, before: Ladder | null): void => {
    void action
      .run(() => duty.saveLadder(ladder))
      .then((done) => {
        if (!done) return;
        onChange(ladder);
        setFormer(before);
      });
  };
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved);
  return (
    <form
      className={style['form']}
      onSubmit={(event) => {
        event.preventDefault();
        save({ ...draft, name: draft.name.trim() }, saved);
      }}
    >
      <TextInput
        label={t`Name`}
        required
        maxLength={80}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Steps steps={draft.steps} onChange={(steps) => change({ steps: [...steps] })} />
      <Times draft={draft} onChange={change} />
      <Textarea
        label={t`Where these times come from`}
        description={t`Shown to whoever signs them off for your site.`}
        autosize
        minRows={2}
        maxLength={300}
        value={draft.source}
        onChange={(event) => change({ source: event.currentTarget.value })}
      />
      <FailureNotice sentence={action.failure} />
      {former !== null && !isChanged && (
        <Notice
          tone="done"
          role="status"
          action={
            <Button
              size="compact-sm"
              variant="default"
              loading={action.busy}
              onClick={() => save(former, null)}
            >
              <Trans>Undo</Trans>
            </Button>
          }
        >
          <Trans>Saved. Open messages follow it from their next step on.</Trans>
        </Notice>
      )}
      <Group gap="sm">
        <Button
          type="submit"
          loading={action.busy}
          disabled={!isChanged || draft.name.trim() === '' || findings.some(keepsFromSaving)}
        >
          <Trans>Save the ladder</Trans>
        </Button>
        {saved !== null && isChanged && (
          <Button variant="default" onClick={() => onChange(saved)}>
            <Trans>Discard changes</Trans>
          </Button>
        )}
      </Group>
    </form>
  );
}

function Times({
  draft,
  onChange,
}: {
  readonly draft: Ladder;
  readonly onChange: (part: Partial<Ladder>) => void;
}) {
  const { t } = useLingui();
  return (
    <div className={style['times']}>
      <DurationField
        label={t`Reach the supervisor again every`}
        ms={draft.repeatMs}
        onChange={(repeatMs) => onChange({ repeatMs })}
      />
      <DurationField
        label={t`Bring back what is acknowledged and open after`}
        ms={draft.followUpMs}
        onChange={(followUpMs) => onChange({ followUpMs })}
      />
      <DurationField
        label={t`A hand-over comes back after`}
        ms={draft.offerMs}
        onChange={(offerMs) => onChange({ offerMs })}
      />
    </div>
  );
}

function Steps({
  steps,
  onChange,
}: {
  readonly steps: readonly Step[];
  readonly onChange: (steps: readonly Step[]) => void;
}) {
  const { t } = useLingui();
  const last = steps.at(-1);
  return (
    <fieldset className={style['steps']}>
      <legend>
        <Trans>Steps</Trans>
      </legend>
      <ol>
        {steps.map((step, index) => {
          const number = index + 1;
          return (
            <li key={index} className={style['step']}>
              <span className={style['number']} aria-hidden="true">
                {number}
              </span>
              <StepRow
                step={step}
                number={number}
                onChange={(part) =>
                  onChange(steps.map((one, at) => (at === index ? { ...one, ...part } : one)))
                }
              />
              <IconAction
                size="small"
                label={t`Take out step ${number}`}
                disabled={steps.length === 1}
                onClick={() => onChange(steps.filter((_, at) => at !== index))}
              >
                <IconTrash size={17} stroke={1.7} />
              </IconAction>
            </li>
          );
        })}
      </ol>
      <p className={style['quiet']}>
        <Trans>
          The first notice goes out at once. After the last step comes the duty supervisor, always.
        </Trans>
      </p>
      <div>
        <Button
          size="sm"
          variant="light"
          disabled={steps.length >= MAX_STEPS}
          leftSection={<IconPlus size={16} stroke={1.8} aria-hidden="true" />}
          onClick={() =>
            onChange([
              ...steps,
              {
                from: last?.from ?? 'open',
                afterMs: (last?.afterMs ?? 0) + FIVE_MINUTES,
                target: 'supervisor',
              },
            ])
          }
        >
          <Trans>Add a step</Trans>
        </Button>
      </div>
    </fieldset>
  );
}
