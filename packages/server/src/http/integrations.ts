import {
  batonField,
  batonStateBody,
  idField,
  integrationList,
  newIntegrationAnswer,
  newIntegrationRequest,
  openBatonRequest,
} from '@baton/wire';
import { z } from 'zod';
import type { Services } from '../server-parts.ts';
import { openIntegrationBaton, readIntegrationBaton } from '../use-cases/integration-batons.ts';
import { createIntegration, readIntegrations, removeIntegration } from '../use-cases/manage-integrations.ts';
import { type App, answers, done, INTEGRATION_ROUTE, integrationOf, sessionOf } from './route-kit.ts';

export function registerIntegrationRoutes(app: App, services: Services): void {
  registerManagement(app, services);
  app.post(
    '/integrations/batons',
    {
      config: INTEGRATION_ROUTE,
      schema: {
        tags: ['Integrations'],
        summary: 'Open a baton without a message, as an outside system; repeatable by its reference',
        body: openBatonRequest,
        response: answers(batonStateBody),
      },
    },
    (request) =>
      openIntegrationBaton(services, integrationOf(request), { ...request.body, address: request.ip }),
  );
  app.get(
    '/integrations/batons/:baton',
    {
      config: INTEGRATION_ROUTE,
      schema: {
        tags: ['Integrations'],
        summary: 'How a baton stands that this outside system opened',
        params: z.object({ baton: batonField }),
        response: answers(batonStateBody),
      },
    },
    (request) => readIntegrationBaton(services, integrationOf(request), request.params.baton),
  );
}

function registerManagement(app: App, services: Services): void {
  app.get(
    '/integrations',
    {
      schema: {
        tags: ['Integrations'],
        summary: 'Outside systems that open batons',
        response: answers(integrationList),
      },
    },
    (request) => readIntegrations(services, sessionOf(request)),
  );
  app.post(
    '/integrations',
    {
      schema: {
        tags: ['Integrations'],
        summary: 'Let an outside system in (after step-up); token and secret are answered once',
        body: newIntegrationRequest,
        response: answers(newIntegrationAnswer),
      },
    },
    (request) => createIntegration(services, sessionOf(request), request.body),
  );
  app.delete(
    '/integrations/:integration',
    {
      schema: {
        tags: ['Integrations'],
        summary: 'End an outside system at once (after step-up)',
        params: z.object({ integration: idField('integration') }),
        response: answers(done),
      },
    },
    async (request) => {
      await removeIntegration(services, sessionOf(request), request.params.integration);
      return {};
    },
  );
}
