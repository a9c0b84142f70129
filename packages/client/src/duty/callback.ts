import { policyOf, type RecordBook, unitNamed } from '@baton/policy';

/** Number to call: the unit's, else the organisation's; null where neither gives one. */
export function callbackOf(book: RecordBook, unit: string | null): string | null {
  const own = unit === null ? null : (unitNamed(book, unit)?.callback ?? null);
  return own ?? policyOf(book)?.callback ?? null;
}
