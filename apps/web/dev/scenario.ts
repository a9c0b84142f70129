import type { Job } from '@baton/wire';

/** What the address asks the gallery to show: `/inbox?as=nurse&state=offline&clock=fixed`. */
export interface Scenario {
  readonly as: 'physician' | 'nurse' | 'manager' | 'compliance';
  readonly state: 'online' | 'offline' | 'alarm' | 'empty' | 'outside' | 'loading';
  /** How much the organisation has set up for duty: nothing, a practice's, a hospital's. */
  readonly duty: 'none' | 'usual' | 'many';
  /** How much is asked of me: nothing, nothing urgent, the usual, far too much. */
  readonly batons: 'none' | 'calm' | 'usual' | 'many';
  /** Stands still at a Friday afternoon, so that pictures can be compared. */
  readonly fixedClock: boolean;
  /** Colleagues write while one looks. */
  readonly lively: boolean;
}

const FIXED_MS = new Date(2026, 10, 20, 14, 40).getTime();

export const JOBS_OF: Readonly<Record<Scenario['as'], readonly Job[]>> = {
  physician: ['physician'],
  nurse: ['charge-nurse'],
  manager: ['practice-manager'],
  compliance: ['compliance-officer', 'practice-manager'],
};

function readScenario(search: string): Scenario {
  const parameters = new URLSearchParams(search);
  const as = parameters.get('as');
  const state = parameters.get('state');
  return {
    as: as !== null && as in JOBS_OF ? (as as Scenario['as']) : 'nurse',
    state: (state ?? 'online') as Scenario['state'],
    duty: (parameters.get('duty') ?? 'usual') as Scenario['duty'],
    batons: (parameters.get('batons') ?? 'usual') as Scenario['batons'],
    fixedClock: parameters.get('clock') === 'fixed',
    lively: parameters.get('lively') === '1',
  };
}

export const scenario = readScenario(location.search);

export function now(): number {
  return scenario.fixedClock ? FIXED_MS : Date.now();
}
