import { demoCompleteRequest, serverInfo, SYNC_VERSION } from '@baton/wire';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { checkReadiness } from '../use-cases/readiness.ts';
import { completeDemo, readServerInfo } from '../use-cases/server-info.ts';
import { type App, answers, done, OPEN_ROUTE } from './route-kit.ts';

const status = z.object({ status: z.literal('ok') }).meta({ id: 'Status' });
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** What machines ask: alive, ready, how much of what. */
export function registerOperationRoutes(app: App, services: Services): void {
  app.get(
    '/healthz',
    {
      config: OPEN_ROUTE,
      schema: { tags: ['Operation'], summary: 'The process is alive', response: answers(status) },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      config: OPEN_ROUTE,
      schema: { tags: ['Operation'], summary: 'Ready to use', response: answers(status) },
    },
    async () => {
      await checkReadiness(services);
      return { status: 'ok' as const };
    },
  );
  app.get('/metrics', { config: OPEN_ROUTE, schema: { hide: true } }, async (request, reply) => {
    // Counts only, but still nobody else's business: from this machine, not through a proxy on it.
    if (!LOOPBACK.test(request.ip) || request.headers['x-forwarded-for'] !== undefined)
      throw new ApiError('request.not_found');
    return reply.type('text/plain; version=0.0.4').send(await services.metrics.text());
  });
}

export function registerServerRoutes(app: App, services: Services): void {
  app.get(
    '/server',
    {
      config: OPEN_ROUTE,
      schema: { tags: ['Operation'], summary: 'This server', response: answers(serverInfo) },
    },
    () => readServerInfo(services, SYNC_VERSION),
  );
  app.post(
    '/demo/complete',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Operation'],
        summary: 'The demo practice stands',
        body: demoCompleteRequest,
        response: answers(done),
      },
    },
    async (request) => {
      await completeDemo(services, { token: request.body.token, address: request.ip });
      return {};
    },
  );
}
