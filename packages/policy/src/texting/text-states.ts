import type { TextState } from '@baton/wire';

/** From best to worst of what a carrier reports of one part; `waiting` is none of them yet. */
const WORSE: readonly TextState[] = ['delivered', 'sent', 'waiting', 'failed', 'refused'];

/** What is said of a text that went in several parts: the worst of them. An empty list waits. */
export function joinStates(states: readonly TextState[]): TextState {
  return states.reduce<TextState>(
    (worst, state) => (WORSE.indexOf(state) > WORSE.indexOf(worst) ? state : worst),
    states[0] ?? 'waiting',
  );
}

/** Reports come late, twice and in any order: what was delivered or has failed stays so. */
export function mayFollow(known: TextState, reported: TextState): boolean {
  if (known === reported) return false;
  const isFinal = known === 'delivered' || known === 'failed' || known === 'refused';
  return !isFinal && !(known === 'sent' && reported === 'waiting');
}
