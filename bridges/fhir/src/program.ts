import { AgentError, type AgentProgram } from '@baton/agent';
import { FhirSchedule } from './schedule.ts';
import { readFhirSettings } from './settings.ts';

/** The assistant of the practice's FHIR interface (docs/protocol/programmes.md §1). */
export const program: AgentProgram = {
  name: 'fhir',
  async start(context) {
    const read = readFhirSettings(context.secrets?.reveal() ?? null);
    if (!read.ok) throw new AgentError('settings', read.error.setting);
    let running: FhirSchedule | null = null;
    let stopped = false;
    // Staff set appointments up when they like.
    const opening = context.session.collections.awaitNamed('appointments').then(async (appointments) => {
      const texting = await context.session.collections.named('texting');
      if (stopped) return;
      running = new FhirSchedule(context, { settings: read.value, appointments, texting });
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
