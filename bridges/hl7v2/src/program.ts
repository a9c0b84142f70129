import { AgentError, type AgentProgram } from '@baton/agent';
import { Hl7v2Interface } from './interface.ts';
import { readHl7v2Settings } from './settings.ts';

/** The assistant of the practice's HL7 v2 interface (docs/protocol/programmes.md §1). */
export const program: AgentProgram = {
  name: 'hl7v2',
  async start(context) {
    const read = readHl7v2Settings(context.secrets?.reveal() ?? null);
    if (!read.ok) throw new AgentError('settings', read.error.setting);
    let running: Hl7v2Interface | null = null;
    let stopped = false;
    context.serve(async (request) => (running === null ? { status: 503 } : running.serve(request)));
    // Staff set appointments up when they like; until then the sender keeps what it has.
    const opening = context.session.collections.awaitNamed('appointments').then(async (appointments) => {
      const texting = await context.session.collections.named('texting');
      if (stopped) return;
      running = new Hl7v2Interface(context, { settings: read.value, appointments, texting });
      running.start();
    });
    opening.catch(() => void context.activity.note('feed.open', [], 'failed'));
    return {
      async stop() {
        stopped = true;
        await running?.stop();
      },
    };
  },
};
