import type { DutyRow } from '@baton/client';
import { foldText } from '../../../design/words/fold-text.ts';

export type BoardFilter = 'all' | 'mine' | 'attention';

export interface UnitGroup {
  /** null: of the whole organisation. */
  readonly unit: string | null;
  readonly rows: readonly DutyRow[];
}

export function needsAttention(row: DutyRow): boolean {
  return row.onDuty.length === 0 || row.withoutKeys.length > 0 || row.leaving.length > 0;
}

/** Rows by unit, both by name; those without a unit come last. */
export function groupByUnit(
  rows: readonly DutyRow[],
  filter: { readonly query: string; readonly which: BoardFilter; readonly locale: string },
): readonly UnitGroup[] {
  const words = foldText(filter.query).split(/\s+/);
  const shown = rows.filter((row) => {
    if (filter.which === 'mine' && !row.mine) return false;
    if (filter.which === 'attention' && !needsAttention(row)) return false;
    const people = [...row.onDuty, ...row.next].map(({ name }) => name).join(' ');
    const about = foldText(`${row.role.name} ${row.role.unit ?? ''} ${people}`);
    return words.every((word) => about.includes(word));
  });
  const groups = new Map<string | null, DutyRow[]>();
  for (const row of shown) {
    const group = groups.get(row.role.unit) ?? [];
    group.push(row);
    groups.set(row.role.unit, group);
  }
  return [...groups]
    .map(([unit, members]) => ({
      unit,
      rows: members.toSorted((a, b) => a.role.name.localeCompare(b.role.name, filter.locale)),
    }))
    .sort((a, b) => {
      if (a.unit === null || b.unit === null) return Number(a.unit === null) - Number(b.unit === null);
      return a.unit.localeCompare(b.unit, filter.locale);
    });
}
