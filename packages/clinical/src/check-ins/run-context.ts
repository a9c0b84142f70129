import type { CheckInAlert, CheckInRun } from '@baton/wire';
import { decodeRunState } from './run-state.ts';
import type { RunContext } from './start-run.ts';

const DAY_MS = 86_400_000;

/** What an enrolment's stored runs and alerts mean for its next run. `runs` in any order; the newest state of each. */
export function runContext(
  runs: readonly Pick<CheckInRun, 'slot' | 'date' | 'startedAt' | 'state' | 'steps' | 'outcome'>[],
  alerts: readonly Pick<CheckInAlert, 'kind' | 'act'>[],
  { date, nowMs }: { readonly date: string; readonly nowMs: number },
): RunContext {
  const recent = runs.flatMap(({ steps }) =>
    steps.flatMap(({ at, kind, node, value }) =>
      kind === 'answer' && value !== null && at > nowMs - DAY_MS
        ? [{ question: node, code: value.code }]
        : [],
    ),
  );
  const ambers = runs
    .filter((run) => run.date === date)
    .flatMap(({ state }) => decodeRunState(state)?.ambers ?? []);
  return {
    recent,
    ambers: [...new Set(ambers)].sort(),
    silent: countSilent(runs),
    openKinds: [
      ...new Set(alerts.filter(({ act }) => act === null || act.doneAt === null).map(({ kind }) => kind)),
    ].sort(),
  };
}

/** Silent runs in a row, from the newest back. A message of the patient's own ends a silence. */
function countSilent(runs: readonly Pick<CheckInRun, 'startedAt' | 'outcome'>[]): number {
  const ended = runs
    .filter(({ outcome }) => outcome !== 'open' && outcome !== 'held')
    .toSorted((left, right) => right.startedAt - left.startedAt);
  const spoken = ended.findIndex(({ outcome }) => outcome !== 'silent');
  return spoken === -1 ? ended.length : spoken;
}
