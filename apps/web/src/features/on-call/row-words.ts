import type { DutyRow } from '@baton/client';
import type { I18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** What somebody should look at, in words; empty when all is well. */
export function warningsOf(row: DutyRow, i18n: I18n): readonly string[] {
  const list = (people: DutyRow['onDuty']): string =>
    new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(people.map(({ name }) => name));
  const warnings: string[] = [];
  if (row.onDuty.length === 0) warnings.push(i18n._(msg`Nobody is on duty.`));
  if (row.withoutKeys.length > 0) {
    const people = list(row.withoutKeys);
    warnings.push(i18n._(msg`On duty, but cannot read yet: ${people}.`));
  }
  if (row.leaving.length > 0) {
    const people = list(row.leaving);
    warnings.push(i18n._(msg`Off duty, but can still read: ${people}.`));
  }
  return warnings;
}

export const KNOWN_BY = {
  schedule: msg`by schedule`,
  cover: msg`by cover`,
  keyring: msg`no schedule`,
} as const;
