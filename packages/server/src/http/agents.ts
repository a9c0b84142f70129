import { agentActivity, idField } from '@baton/wire';
import { z } from 'zod';
import type { Services } from '../server-parts.ts';
import { readAgentActivity } from '../use-cases/agent-activity.ts';
import { type App, answers, queryNumber, sessionOf } from './route-kit.ts';

export function registerAgentRoutes(app: App, services: Services): void {
  app.get(
    '/agents/:account/activity',
    {
      schema: {
        tags: ['Agents'],
        summary: 'What the server saw an agent do',
        params: z.object({ account: idField('account') }),
        querystring: z.object({ limit: queryNumber({ min: 1, max: 200 }).default(100) }),
        response: answers(agentActivity),
      },
    },
    (request) => {
      const { account } = request.params;
      return readAgentActivity(services, sessionOf(request), { account, limit: request.query.limit });
    },
  );
}
