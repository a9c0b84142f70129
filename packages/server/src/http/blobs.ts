import { idField } from '@baton/wire';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { MAX_BLOB_BYTES } from '../config.ts';
import type { Services } from '../server-parts.ts';
import { getBlob, putBlob } from '../use-cases/blobs.ts';
import { type App, answers, done, sessionOf } from './route-kit.ts';

/** Sealed files, as raw bytes. */
export function registerBlobRoutes(app: App, services: Services): void {
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: MAX_BLOB_BYTES },
    (_request, body, next) => next(null, body),
  );
  app.put(
    '/conversations/:conv/blobs/:blob',
    {
      bodyLimit: MAX_BLOB_BYTES,
      schema: {
        tags: ['Files'],
        summary: 'Store a sealed file (application/octet-stream, at most 11 MiB)',
        params: z.object({ conv: idField('conversation'), blob: idField('blob') }),
        response: answers(done),
      },
    },
    async (request) => {
      const sealed = request.body;
      if (!(sealed instanceof Uint8Array)) throw new ApiError('request.invalid', 'body');
      await putBlob(services, sessionOf(request), { ...request.params, sealed });
      return {};
    },
  );
  app.get(
    '/blobs/:blob',
    {
      schema: {
        tags: ['Files'],
        summary: 'A sealed file; access is checked at each fetch',
        params: z.object({ blob: idField('blob') }),
      },
    },
    async (request, reply) => {
      const sealed = await getBlob(services, sessionOf(request), request.params.blob);
      return reply
        .header('content-disposition', 'attachment')
        .type('application/octet-stream')
        .send(Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length));
    },
  );
}
