import type { AskContract } from '@baton/policy';
import type { KeptBaton } from './baton-desk.ts';
import type { HospitalRun } from './replay.ts';

export interface ContractRow {
  readonly contract: AskContract;
  readonly batons: number;
  readonly answered: number;
  readonly closed: number;
  readonly open: number;
  readonly dropped: number;
  /** Of those that a person took up; null where none was. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly steps: number;
  readonly reachedSupervisor: number;
}

export interface HospitalReport {
  readonly messages: number;
  readonly conversations: number;
  readonly betweenTwo: number;
  readonly people: number;
  readonly units: number;
  readonly rows: readonly ContractRow[];
  readonly dropped: number;
  /** Batons whose chain, replayed, gives another state. */
  readonly unlike: number;
  readonly counts: HospitalRun['counts'];
}

export const CONTRACTS: readonly AskContract[] = ['stat', 'talk', 'reply'];

export function reportOn({ staff, traffic, desk, endedAt, counts }: HospitalRun): HospitalReport {
  const dropped = new Set(desk.findDropped(endedAt));
  const all = [...desk.batons.values()];
  return {
    messages: traffic.messages.length,
    conversations: traffic.conversations,
    betweenTwo: traffic.betweenTwo / traffic.conversations,
    people: staff.size,
    units: staff.units.length,
    rows: CONTRACTS.map((contract) => {
      const batons = all.filter(({ state }) => state.contract === contract);
      return rowOf(contract, batons, batons.filter(({ state }) => dropped.has(state.baton)).length);
    }),
    dropped: dropped.size,
    unlike: desk.findUnlike().length,
    counts,
  };
}

/** What a row is made of. */
export type ReplayedBaton = Pick<KeptBaton, 'state' | 'acknowledgedAfterMs' | 'steps' | 'reachedSupervisor'>;

export function rowOf(contract: AskContract, batons: readonly ReplayedBaton[], dropped: number): ContractRow {
  const times = batons
    .flatMap(({ acknowledgedAfterMs: ms }) => (ms === null ? [] : [ms]))
    .sort((a, b) => a - b);
  const having = (status: string): number => batons.filter(({ state }) => state.status === status).length;
  return {
    contract,
    batons: batons.length,
    answered: having('answered'),
    closed: having('closed'),
    open: having('open') + having('acknowledged'),
    dropped,
    medianMs: times[Math.floor(times.length / 2)] ?? null,
    p95Ms: times[Math.floor(times.length * 0.95)] ?? null,
    steps: batons.reduce((sum, { steps }) => sum + steps, 0),
    reachedSupervisor: batons.filter(({ reachedSupervisor }) => reachedSupervisor).length,
  };
}

const HEADER = [
  '',
  'batons',
  'answered',
  'closed',
  'open',
  'dropped',
  'ack median',
  'ack p95',
  'steps',
  'supervisor',
];

export function printReport(report: HospitalReport): string {
  const { counts } = report;
  return [
    'A synthetic load shaped by published figures, not outcomes: it shows what the policy code does, not how people will answer.',
    `${report.messages} messages, ${report.conversations} conversations (${Math.round(report.betweenTwo * 100)} % between two), ${report.people} people in ${report.units} units`,
    `${counts.wentOffDuty} went off duty, ${counts.deactivated} deactivated, ${counts.recordsEdited} records edited under way, ${counts.reached} times somebody was told`,
    '',
    ...printRows(report.rows),
    '',
    `dropped batons: ${report.dropped}; chains that replay to another state: ${report.unlike}`,
  ].join('\n');
}

export function printRows(contracts: readonly ContractRow[]): string[] {
  const rows = contracts.map((row) => [
    row.contract,
    ...[row.batons, row.answered, row.closed, row.open, row.dropped].map(String),
    minutes(row.medianMs),
    minutes(row.p95Ms),
    String(row.steps),
    String(row.reachedSupervisor),
  ]);
  const widths = HEADER.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [line(HEADER), ...rows.map(line)];
}

function minutes(ms: number | null): string {
  if (ms === null) return '-';
  return ms < 120 * 60_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
