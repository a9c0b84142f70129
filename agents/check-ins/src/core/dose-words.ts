import { planOf, planWords, type Protocol, type RunState } from '@baton/clinical';
import type { CheckInRun, Enrolment } from '@baton/wire';

/** The tablets that a run may name on a date, by the plan as it is now; null: none. */
export function dosesNow(
  protocol: Protocol,
  enrolment: Enrolment,
  run: { readonly slot: CheckInRun['slot']; readonly date: string; readonly language: RunState['language'] },
): string | null {
  const plan = planOf(enrolment, run.date);
  const time = protocol.slots.find(({ id }) => id === run.slot)?.doses ?? null;
  const doses = plan?.t === 'doses' ? plan.times.find(({ id }) => id === time)?.doses : undefined;
  return doses === undefined ? null : planWords(protocol, doses, run.language);
}

/** The tablets that a run was begun with; null: it speaks of none. */
export function dosesOf({ fill }: RunState): string | null {
  return fill['plan'] ?? null;
}

export function isDoseQuestion(protocol: Protocol | null, step: string | null | undefined): boolean {
  return protocol?.questions.find(({ id }) => id === step)?.kind === 'dose';
}
