import { parseId } from '@baton/kernel';
import { STEP_TARGETS } from '@baton/wire';
import type { Ladder, StepTarget } from '@baton/wire';
import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { DurationField } from '../fields/duration-field.tsx';
import style from './ladders.module.css';
import { TARGET_NAMES, targetWords } from './step-words.ts';

type Step = Ladder['steps'][number];

/** "5 minutes · after sending · Backup role of the unit". */
export function StepRow({
  step,
  number,
  onChange,
}: {
  readonly step: Step;
  readonly number: number;
  readonly onChange: (part: Partial<Step>) => void;
}) {
  const { t } = useLingui();
  const targets = useTargets(step.target);
  return (
    <span className={style['step-fields']}>
      <DurationField
        hidden
        label={t`Time of step ${number}`}
        ms={step.afterMs}
        onChange={(afterMs) => onChange({ afterMs })}
      />
      <NativeSelect
        size="sm"
        aria-label={t`Counted from, step ${number}`}
        value={step.from}
        onChange={(event) => onChange({ from: event.currentTarget.value === 'open' ? 'open' : 'deadline' })}
        data={[
          { value: 'open', label: t`after sending` },
          { value: 'deadline', label: t`after the deadline` },
        ]}
      />
      <NativeSelect
        size="sm"
        className={style['target'] ?? ''}
        aria-label={t`Whom step ${number} reaches`}
        value={step.target}
        onChange={(event) => {
          const target = readTarget(event.currentTarget.value);
          if (target !== null) onChange({ target });
        }}
        data={targets}
      />
    </span>
  );
}

function readTarget(value: string): StepTarget | null {
  const named = STEP_TARGETS.find((target) => target === value);
  return named ?? parseId('role', value) ?? parseId('account', value);
}

function useTargets(current: StepTarget) {
  const { t, i18n } = useLingui();
  const { duty, directory } = useSession();
  const roles = useLive(directory.roles);
  const people = useLive(directory.people);
  const byName = (a: { label: string }, b: { label: string }): number =>
    a.label.localeCompare(b.label, i18n.locale);
  const roleItems = roles.map(({ id, name }) => ({ value: id as string, label: name })).sort(byName);
  const personItems = people
    .filter(({ kind, active }) => kind === 'person' && active)
    .map(({ id, name }) => ({ value: id as string, label: name }))
    .sort(byName);
  const known = [
    ...STEP_TARGETS,
    ...roleItems.map(({ value }) => value),
    ...personItems.map(({ value }) => value),
  ];
  return [
    ...STEP_TARGETS.map((value) => ({ value: value as string, label: i18n._(TARGET_NAMES[value]) })),
    ...(known.includes(current)
      ? []
      : [{ value: current as string, label: targetWords(current, duty, i18n) }]),
    { group: t`Roles`, items: roleItems },
    { group: t`People`, items: personItems },
  ];
}
