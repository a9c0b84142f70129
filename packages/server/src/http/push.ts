import { pushInfo, pushSubscriptionBody } from '@baton/wire';
import type { Services } from '../server-parts.ts';
import { readPushKey, subscribePush, unsubscribePush } from '../use-cases/own-notices.ts';
import { type App, answers, done, sessionOf } from './route-kit.ts';

export function registerPushRoutes(app: App, services: Services): void {
  app.get(
    '/push',
    {
      schema: {
        tags: ['Notices'],
        summary: 'The key to subscribe to push with (RFC 8292)',
        response: answers(pushInfo),
      },
    },
    (request) => readPushKey(services, sessionOf(request)),
  );
  app.put(
    '/push',
    {
      schema: {
        tags: ['Notices'],
        summary: "Set this device's push subscription (RFC 8030)",
        body: pushSubscriptionBody,
        response: answers(done),
      },
    },
    async (request) => {
      await subscribePush(services, sessionOf(request), request.body);
      return {};
    },
  );
  app.delete(
    '/push',
    {
      schema: {
        tags: ['Notices'],
        summary: "Remove this device's push subscription",
        response: answers(done),
      },
    },
    async (request) => {
      await unsubscribePush(services, sessionOf(request));
      return {};
    },
  );
}
