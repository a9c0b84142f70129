import type { Duty } from '@baton/client';
import type { MemberId } from '@baton/kernel';
import { type Ladder, STEP_TARGETS, type StepTarget } from '@baton/wire';
import type { I18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { exactSpan } from '../fields/exact-span.ts';

export const TARGET_NAMES = {
  owner: msg`Whoever it is with`,
  backup: msg`Backup role of the unit`,
  charge: msg`Charge role of the unit`,
  supervisor: msg`Duty supervisor`,
} as const;

export function targetWords(target: StepTarget, duty: Duty, i18n: I18n): string {
  const named = STEP_TARGETS.find((one) => one === target);
  if (named !== undefined) return i18n._(TARGET_NAMES[named]);
  return duty.owner(target as MemberId)?.name ?? i18n._(msg`Somebody who is not here any more`);
}

/** "after 5 min", "at the deadline", "2 h after the deadline". */
export function offsetWords(
  { from, afterMs }: Pick<Ladder['steps'][number], 'from' | 'afterMs'>,
  i18n: I18n,
): string {
  const span = exactSpan(afterMs, i18n.locale);
  if (from === 'open') return afterMs === 0 ? i18n._(msg`at once`) : i18n._(msg`after ${span}`);
  return afterMs === 0 ? i18n._(msg`at the deadline`) : i18n._(msg`${span} after the deadline`);
}
