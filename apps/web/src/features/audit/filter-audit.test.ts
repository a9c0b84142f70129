import type { AuditRow } from '@baton/client';
import { expect, it } from 'vitest';
import { filterAudit, NO_FILTER } from './filter-audit.ts';

const row = (
  n: number,
  actorName: string,
  action: string,
  outcome: AuditRow['outcome'] = 'ok',
): AuditRow => ({
  n,
  at: 0,
  actor: null,
  session: null,
  action,
  object: null,
  outcome,
  code: outcome === 'ok' ? null : 'auth.failed',
  hash: '',
  actorName,
});
const rows = [
  row(3, 'Ana Ruiz', 'audit.read'),
  row(2, 'Ben', 'session.created', 'refused'),
  row(1, 'Ana Ruiz', 'x'),
];
const shown = (filter: Partial<typeof NO_FILTER>): number[] =>
  filterAudit(rows, { ...NO_FILTER, ...filter }).map(({ n }) => n);

it('keeps what fits all conditions', () => {
  expect(shown({})).toEqual([3, 2, 1]);
  expect(shown({ actor: 'Ana Ruiz' })).toEqual([3, 1]);
  expect(shown({ outcome: 'refused' })).toEqual([2]);
  expect(shown({ query: 'ana AUDIT' })).toEqual([3]);
  expect(shown({ query: 'auth.failed' })).toEqual([2]);
  expect(shown({ actor: 'Ben', outcome: 'refused', query: 'read' })).toEqual([]);
});
