import { Readable } from 'node:stream';
import { hashText, idField, MAX_PART_BYTES, uploadState } from '@baton/wire';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { MAX_BLOB_BYTES } from '../config.ts';
import type { Services } from '../server-parts.ts';
import { getBlob, type WantedRange } from '../use-cases/blobs.ts';
import { bytesOfText } from '../use-cases/bytes-of-text.ts';
import { dropUpload, putPart, readUploadState } from '../use-cases/uploads.ts';
import { type App, answers, done, queryNumber, sessionOf } from './route-kit.ts';

const uploadParams = z.object({ conv: idField('conversation'), blob: idField('blob') });

/** Sealed files, as raw bytes (docs/protocol/server.md §11). */
export function registerBlobRoutes(app: App, services: Services): void {
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: MAX_PART_BYTES },
    (_request, body, next) => next(null, body),
  );
  registerUploadRoutes(app, services);
  app.get(
    '/blobs/:blob',
    {
      schema: {
        tags: ['Files'],
        summary: 'A sealed file, or a range of it; access is checked at each fetch',
        params: z.object({ blob: idField('blob') }),
      },
    },
    async (request, reply) => {
      const wanted = parseRange(request.headers.range);
      const { blob } = request.params;
      const found = await getBlob(services, sessionOf(request), { blob, wanted });
      const { start, end } = found.range;
      if (wanted !== null)
        reply.status(206).header('content-range', `bytes ${start}-${end - 1}/${found.sizeBytes}`);
      return reply
        .header('content-disposition', 'attachment')
        .header('accept-ranges', 'bytes')
        .header('content-length', end - start)
        .type('application/octet-stream')
        .send(found.bytes instanceof Readable ? found.bytes : Readable.from(found.bytes));
    },
  );
}

function registerUploadRoutes(app: App, services: Services): void {
  app.put(
    '/conversations/:conv/blobs/:blob',
    {
      bodyLimit: MAX_PART_BYTES,
      schema: {
        tags: ['Files'],
        summary:
          'Store the next part of a sealed file (application/octet-stream, 256 KiB to 4 MiB; the last one may be shorter and names the hash of the whole)',
        params: uploadParams,
        querystring: z.object({
          offset: queryNumber({ min: 0, max: MAX_BLOB_BYTES }),
          size: queryNumber({ min: 1, max: Number.MAX_SAFE_INTEGER }),
          hash: hashText.optional(),
        }),
        response: answers(uploadState),
      },
    },
    async (request) => {
      const bytes = request.body;
      if (!(bytes instanceof Uint8Array)) throw new ApiError('request.invalid', 'body');
      const { offset, size, hash } = request.query;
      return putPart(services, sessionOf(request), {
        ...request.params,
        offset,
        sizeBytes: size,
        hash: hash === undefined ? null : bytesOfText(hash, 'hash', 32),
        bytes,
      });
    },
  );
  // HEAD answers the headers alone.
  app.get(
    '/conversations/:conv/blobs/:blob',
    {
      schema: {
        tags: ['Files'],
        summary: 'How far an upload of mine has come',
        params: uploadParams,
        response: answers(uploadState),
      },
    },
    async (request, reply) => {
      const state = await readUploadState(services, sessionOf(request), request.params);
      reply.header('upload-offset', state.offset);
      if (state.sizeBytes !== null) reply.header('upload-length', state.sizeBytes);
      return { offset: state.offset, complete: state.complete };
    },
  );
  app.delete(
    '/conversations/:conv/blobs/:blob',
    {
      schema: {
        tags: ['Files'],
        summary: 'Give an upload of mine up; one that a message lists stays',
        params: uploadParams,
        response: answers(done),
      },
    },
    async (request) => {
      await dropUpload(services, sessionOf(request), request.params);
      return {};
    },
  );
}

/** One range of bytes (RFC 9110 §14.2); anything else is answered with the whole. */
function parseRange(header: string | undefined): WantedRange | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '') return to === '' ? null : { last: Number(to) };
  if (to !== '' && Number(to) < Number(from)) return null;
  return { from: Number(from), to: to === '' ? null : Number(to) + 1 };
}
