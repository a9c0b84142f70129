import type { AgentProgram } from '@baton/agent';
import { DutyKeeper } from './duty-keeper.ts';

export { DutyKeeper, GRACE_MS, nextLook } from './duty-keeper.ts';
export { planTurns, type TurnPlan } from './plan-turns.ts';

/** The duty agent: keeps the keyrings of the roles that it is switched on for. */
export const program: AgentProgram = {
  name: 'duty',
  async start(context) {
    const keeper = new DutyKeeper(context);
    keeper.start();
    return keeper;
  },
};
