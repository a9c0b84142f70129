import { encodeBase64Url } from '@baton/kernel';
import { appendRecordsAnswer, appendRecordsRequest, hashText, manifestBody, recordPage } from '@baton/wire';
import { z } from 'zod';
import type { Services } from '../server-parts.ts';
import { bytesOfText } from '../use-cases/bytes-of-text.ts';
import { putManifest, readManifest } from '../use-cases/manifests.ts';
import { appendRecords, readRecordPage } from '../use-cases/records.ts';
import { type App, answers, done, MAX_POSITION, queryNumber, sessionOf } from './route-kit.ts';

const RECORDS_BODY_LIMIT = 1024 * 1024;

/** What the organisation has decided in the open: who is on call, ladders, units, queues, and what its agents may do. */
export function registerRecordRoutes(app: App, services: Services): void {
  app.get(
    '/records',
    {
      schema: {
        tags: ['Duty'],
        summary: 'Organisation records after a position, every version',
        querystring: z.object({
          after: queryNumber({ min: 0, max: MAX_POSITION }).default(0),
          limit: queryNumber({ min: 1, max: 500 }).default(500),
        }),
        response: answers(recordPage),
      },
    },
    (request) => readRecordPage(services, sessionOf(request), request.query),
  );
  app.post(
    '/records',
    {
      bodyLimit: RECORDS_BODY_LIMIT,
      schema: {
        tags: ['Duty'],
        summary: 'Append organisation records, all or none',
        body: appendRecordsRequest,
        response: answers(appendRecordsAnswer),
      },
    },
    async (request) => {
      const bodies = request.body.records.map((text, index) => bytesOfText(text, `records.${index}`));
      return { size: await appendRecords(services, sessionOf(request), bodies) };
    },
  );
  registerManifestRoutes(app, services);
}

function registerManifestRoutes(app: App, services: Services): void {
  const params = z.object({ hash: hashText });
  app.get(
    '/manifests/:hash',
    {
      schema: {
        tags: ['Agents'],
        summary: "An agent's manifest by its hash",
        params,
        response: answers(manifestBody),
      },
    },
    async (request) => {
      const hash = bytesOfText(request.params.hash, 'hash', 32);
      return { manifest: encodeBase64Url(await readManifest(services, sessionOf(request), hash)) };
    },
  );
  app.put(
    '/manifests/:hash',
    {
      schema: {
        tags: ['Agents'],
        summary: 'Keep a manifest under its hash; repeatable',
        params,
        body: manifestBody,
        response: answers(done),
      },
    },
    async (request) => {
      const hash = bytesOfText(request.params.hash, 'hash', 32);
      const body = bytesOfText(request.body.manifest, 'manifest');
      await putManifest(services, sessionOf(request), { hash, body });
      return {};
    },
  );
}
