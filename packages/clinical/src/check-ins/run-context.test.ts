import type { CheckInRun } from '@baton/wire';
import { expect, it } from 'vitest';
import { EXAMPLE_PROTOCOLS } from './example-protocols.ts';
import type { Protocol } from './protocol.ts';
import { runContext } from './run-context.ts';
import { encodeRunState } from './run-state.ts';
import { FRESH_CONTEXT, startRun } from './start-run.ts';

const PROTOCOL = EXAMPLE_PROTOCOLS.find(({ id }) => id === 'better-same-worse') as Protocol;
const START = {
  slot: 'morning',
  date: '2026-03-06',
  atMs: 1,
  language: 'en',
  settings: { 'amber-minutes': 240 },
  plan: null,
  fill: {},
} as const;
const HOUR = 3_600_000;
type Run = Parameters<typeof runContext>[0][number];
const run = (at: number, change: Partial<Run> = {}): Run => ({
  slot: 'morning',
  date: '2026-03-06',
  startedAt: at,
  state: '{}',
  steps: [],
  outcome: 'advised',
  ...change,
});
const answer = (at: number, node: string, code: string): CheckInRun['steps'][number] => ({
  at: at,
  node,
  kind: 'answer',
  message: null,
  value: { code, number: null, second: null, unit: null },
  grade: null,
});
const now = { date: '2026-03-06', nowMs: 100 * HOUR };

it('remembers answers of a day, by the clock and not by the date', () => {
  const steps = [answer(77 * HOUR, 'dose', 'missed'), answer(75 * HOUR, 'dose', 'taken')];
  expect(runContext([run(75 * HOUR, { steps })], [], now).recent).toEqual([
    { question: 'dose', code: 'missed' },
  ]);
});

it('counts silent runs back from the newest, and ambers of the date only', () => {
  const silent = { outcome: 'silent' as const };
  const runs = [run(1, silent), run(4, silent), run(2), run(3, silent), run(5, { outcome: 'open' })];
  expect(runContext(runs, [], now).silent).toBe(2);
  const ambers = ['stools'];
  const state = encodeRunState(startRun(PROTOCOL, { ...START, context: { ...FRESH_CONTEXT, ambers } }).state);
  expect(runContext([run(1, { state })], [], now).ambers).toEqual(['stools']);
  expect(runContext([run(1, { state, date: '2026-03-05' })], [], now).ambers).toEqual([]);
});

it('knows which kinds of alert are open', () => {
  const done = { way: 'call' as const, doneAt: 1 };
  const act = { by: 'a', chosenAt: 1, appointment: null, note: '', ...done } as never;
  const alerts = [
    { kind: 'silence' as const, act: null },
    { kind: 'stale-plan' as const, act },
  ];
  expect(runContext([], alerts, now).openKinds).toEqual(['silence']);
});
