import type { Finding } from '@baton/client';
import type { I18n, MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Findings of the simulator and of records, in the app's languages; by their code. */
const SENTENCES: Readonly<Record<string, MessageDescriptor>> = {
  'step-empty': msg`At least one step finds nobody on duty and goes on to the next one.`,
  'ends-before-deadline': msg`The ladder ends before the deadline has passed.`,
  'no-supervisor': msg`No duty supervisor is named yet.`,
  'supervisor-gap': msg`The duty supervisor role is without anybody at some hour of the coming week.`,
  'supervisor-gone': msg`The duty supervisor role does not exist or is not in use.`,
  'supervisor-without-holder': msg`Nobody holds the duty supervisor role yet.`,
  'target-gone': msg`A step names somebody who is not in use any more.`,
  'role-gone': msg`A role named here does not exist or is not in use.`,
  'default-owner-gone': msg`The default owner is not in use any more.`,
  'ladder-gone': msg`A ladder named here does not exist or is not in use.`,
  'steps-order': msg`Each step must come later than the one before it.`,
  'timer-short': msg`Repeat, follow-up and hand-over times must be at least 30 seconds.`,
  'times-offered': msg`Each time offered for a reply must differ and be at least one minute.`,
};

export function findingSentence({ code, sentence }: Finding, i18n: I18n): string {
  const known = SENTENCES[code];
  return known === undefined ? sentence : i18n._(known);
}

export function keepsFromSaving({ severity }: Finding): boolean {
  return severity === 'problem';
}
