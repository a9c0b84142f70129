import {
  appendBatonEventAnswer,
  appendBatonEventRequest,
  batonEscalation,
  batonField,
  batonPage,
} from '@baton/wire';
import { z } from 'zod';
import type { Services } from '../server-parts.ts';
import { appendBatonEvent } from '../use-cases/append-baton-event.ts';
import { bytesOfText } from '../use-cases/bytes-of-text.ts';
import { listBatons, readEscalation } from '../use-cases/read-batons.ts';
import { type App, answers, MAX_POSITION, queryNumber, sessionOf } from './route-kit.ts';

/** Who owes whom an answer. */
export function registerBatonRoutes(app: App, services: Services): void {
  const params = z.object({ baton: batonField });
  app.get(
    '/batons',
    {
      schema: {
        tags: ['Batons'],
        summary: 'Batons of mine that changed after a position',
        querystring: z.object({
          after: queryNumber({ min: 0, max: MAX_POSITION }).default(0),
          limit: queryNumber({ min: 1, max: 100 }).default(100),
        }),
        response: answers(batonPage),
      },
    },
    (request) => listBatons(services, sessionOf(request), request.query),
  );
  app.post(
    '/batons/:baton/events',
    {
      schema: {
        tags: ['Batons'],
        summary: 'Acknowledge, answer, take, hand over, close: one Signed event',
        params,
        body: appendBatonEventRequest,
        response: answers(appendBatonEventAnswer),
      },
    },
    (request) => {
      const bytes = bytesOfText(request.body.event, 'event');
      return appendBatonEvent(services, sessionOf(request), { baton: request.params.baton, bytes });
    },
  );
  app.get(
    '/batons/:baton/escalation',
    {
      schema: {
        tags: ['Batons'],
        summary: 'The message and its context, for whoever is reached',
        params,
        response: answers(batonEscalation),
      },
    },
    (request) => readEscalation(services, sessionOf(request), request.params.baton),
  );
}
