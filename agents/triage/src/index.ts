import type { AgentProgram } from '@baton/agent';
import { TriageKeeper } from './triage-keeper.ts';

export { TRIAGE_MANIFEST } from './manifest.ts';
export { TriageKeeper } from './triage-keeper.ts';

/** The triage assistant: looks for red flags in what patients write, and for results that nobody opened. */
export const program: AgentProgram = {
  name: 'triage',
  async start(context) {
    const keeper = new TriageKeeper(context);
    keeper.start();
    return keeper;
  },
};
