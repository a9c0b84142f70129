import { noticeAddressBody } from '@baton/wire';
import type { Services } from '../server-parts.ts';
import { readNoticeAddress, writeNoticeAddress } from '../use-cases/own-notices.ts';
import { type App, answers, sessionOf } from './route-kit.ts';

export function registerNoticeRoutes(app: App, services: Services): void {
  app.get(
    '/me/notices',
    {
      schema: {
        tags: ['Notices'],
        summary: 'Where notices without patient data reach me outside the app',
        response: answers(noticeAddressBody),
      },
    },
    (request) => readNoticeAddress(services, sessionOf(request)),
  );
  app.put(
    '/me/notices',
    {
      schema: {
        tags: ['Notices'],
        summary: 'Set where notices reach me; no telephone: nowhere',
        body: noticeAddressBody,
        response: answers(noticeAddressBody),
      },
    },
    (request) => writeNoticeAddress(services, sessionOf(request), request.body),
  );
}
