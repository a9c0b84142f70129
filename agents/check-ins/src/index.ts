import type { AgentProgram } from '@baton/agent';
import { CheckIns } from './check-ins.ts';

export { CheckIns } from './check-ins.ts';
export { Keeper } from './core/keeper.ts';
export type { KeeperPorts } from './core/ports.ts';
export { CHECK_INS_MANIFEST } from './manifest.ts';

/** The check-in assistant: asks patients who agreed to it how they are, as signed protocols say, and calls people where those say so. */
export const program: AgentProgram = {
  name: 'check-ins',
  async start(context) {
    let checkIns: CheckIns | null = null;
    let stopped = false;
    const { collections } = context.session;
    // Staff set programmes up when they like; until then there is nobody to ask.
    const opening = Promise.all([
      collections.awaitNamed('programmes'),
      collections.awaitNamed('texting'),
    ]).then(([programmes, texting]) => {
      if (stopped) return;
      checkIns = new CheckIns(context, { programmes, texting });
      checkIns.start();
    });
    opening.catch(() => void context.activity.note('check-ins.open', [], 'failed'));
    return {
      async stop() {
        stopped = true;
        await checkIns?.stop();
      },
    };
  },
};
