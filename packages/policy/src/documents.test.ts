import { readFileSync } from 'node:fs';
import { LABELS } from '@baton/ledger';
import { JOBS, type Job } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import {
  ADMIN_JOBS,
  CHARGE_JOBS,
  CLINICAL_JOBS,
  CLINICIAN_JOBS,
  MEMBERSHIP_TABLE,
  PERMISSION_TABLE,
  STAFF_JOBS,
} from './index.ts';

const page = readFileSync(new URL('../../../docs/protocol/membership.md', import.meta.url), 'utf8');

/** Rows of the first table under a numbered heading, header included, as trimmed cells. */
function tableOf(section: number): string[][] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`§${section} `)) ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|---'));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const GROUPS: Readonly<Record<string, readonly Job[]>> = {
  CLINICAL: CLINICAL_JOBS,
  CLINICIAN: CLINICIAN_JOBS,
  CHARGE: CHARGE_JOBS,
  ADMIN: ADMIN_JOBS,
  STAFF: STAFF_JOBS,
  EVERYBODY: JOBS,
};

function listOf(cell: string): string[] {
  return cell === '-' ? [] : cell.split(', ');
}

describe('docs/protocol/membership.md says what the data say', () => {
  it('labels (§1)', () => {
    const labels = tableOf(1)
      .slice(1)
      .map(([label]) => label);
    expect(labels).toEqual(Object.values(LABELS));
  });

  it('groups of jobs (§2)', () => {
    const groups = tableOf(2)
      .slice(1)
      .map(([name = '', jobs = '']) => [name, listOf(jobs)]);
    expect({ ...Object.fromEntries(groups), EVERYBODY: JOBS }).toEqual(GROUPS);
  });

  it('the membership table (§3)', () => {
    const [header = [], ...rows] = tableOf(3);
    const operations = header.slice(4);
    const read = Object.fromEntries(
      rows.map(([kind = '', members = '', history, leave, ...cells]) => [
        kind,
        {
          members: listOf(members),
          history,
          leave: leave === 'yes',
          rights: Object.fromEntries(
            operations
              .map((op, i) => [op, listOf(cells[i] ?? '-')] as const)
              .filter(([, list]) => list.length > 0),
          ),
        },
      ]),
    );
    const written = Object.fromEntries(
      Object.entries(MEMBERSHIP_TABLE).map(([kind, { members, history, leave, rights }]) => [
        kind,
        { members, history, leave, rights },
      ]),
    );
    expect(read).toEqual(written);
  });

  it('the permissions (§9)', () => {
    const read = tableOf(9)
      .slice(1)
      .map(([action = '', jobs = '']) => [
        action,
        listOf(jobs).flatMap<string>((word) => GROUPS[word] ?? [word]),
      ]);
    expect(Object.fromEntries(read)).toEqual(PERMISSION_TABLE);
  });
});
