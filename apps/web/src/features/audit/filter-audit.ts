import type { AuditRow } from '@baton/client';

export interface AuditFilter {
  readonly query: string;
  /** Name of one person; empty for everybody. */
  readonly actor: string;
  readonly outcome: 'all' | 'refused';
}

export const NO_FILTER: AuditFilter = { query: '', actor: '', outcome: 'all' };

export function filterAudit(
  rows: readonly AuditRow[],
  { query, actor, outcome }: AuditFilter,
): readonly AuditRow[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter((row) => {
    if (actor !== '' && row.actorName !== actor) return false;
    if (outcome === 'refused' && row.outcome === 'ok') return false;
    const text = `${row.actorName} ${row.action} ${row.object ?? ''} ${row.code ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
