import { auditPage } from '@baton/wire';
import { z } from 'zod';
import type { Services } from '../server-parts.ts';
import { readAuditPage } from '../use-cases/audit-trail.ts';
import { type App, answers, MAX_POSITION, queryNumber, sessionOf } from './route-kit.ts';

export function registerAuditRoutes(app: App, services: Services): void {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['Audit'],
        summary: 'Audit events, newest first, and the signed checkpoint that covers them',
        querystring: z.object({
          before: queryNumber({ min: 0, max: MAX_POSITION }).optional(),
          limit: queryNumber({ min: 1, max: 500 }).default(100),
        }),
        response: answers(auditPage),
      },
    },
    (request) => {
      const { before, limit } = request.query;
      return readAuditPage(services, sessionOf(request), { before: before ?? null, limit });
    },
  );
}
