import { encodeBase64Url } from '@baton/kernel';
import {
  appendStatementsAnswer,
  appendStatementsRequest,
  certificateBody,
  consistencyBody,
  cosignRequest,
  hashText,
  inclusionBody,
  keyLogPage,
} from '@baton/wire';
import { z } from 'zod';
import { notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { bytesOfText } from '../use-cases/bytes-of-text.ts';
import { postStatements } from '../use-cases/post-statements.ts';
import { cosignHead, proveConsistency, proveInclusion, readKeyLogPage } from '../use-cases/read-key-log.ts';
import { type App, answers, done, MAX_POSITION, queryNumber, sessionOf } from './route-kit.ts';

const STATEMENTS_BODY_LIMIT = 1024 * 1024;

export function registerKeyLogRoutes(app: App, services: Services): void {
  const position = queryNumber({ min: 0, max: MAX_POSITION });
  app.get(
    '/keylog',
    {
      schema: {
        tags: ['Key log'],
        summary: 'Statements after a position, and the newest signed head',
        querystring: z.object({
          after: position.default(0),
          limit: queryNumber({ min: 1, max: 1000 }).default(1000),
        }),
        response: answers(keyLogPage),
      },
    },
    (request) => readKeyLogPage(services, sessionOf(request), request.query),
  );
  app.post(
    '/keylog',
    {
      bodyLimit: STATEMENTS_BODY_LIMIT,
      schema: {
        tags: ['Key log'],
        summary: 'Append statements, all or none',
        body: appendStatementsRequest,
        response: answers(appendStatementsAnswer),
      },
    },
    async (request) => {
      const bodies = request.body.statements.map((text) => bytesOfText(text, 'statements'));
      return { size: await postStatements(services, sessionOf(request), bodies) };
    },
  );
  app.get(
    '/keylog/consistency',
    {
      schema: {
        tags: ['Key log'],
        summary: 'Proof that one size is a prefix of another (RFC 9162)',
        querystring: z.object({ from: position, to: position }),
        response: answers(consistencyBody),
      },
    },
    (request) => proveConsistency(services, sessionOf(request), request.query),
  );
  app.get(
    '/keylog/inclusion',
    {
      schema: {
        tags: ['Key log'],
        summary: 'Proof that a statement is in the log (RFC 9162)',
        querystring: z.object({ index: position, size: position }),
        response: answers(inclusionBody),
      },
    },
    (request) => proveInclusion(services, sessionOf(request), request.query),
  );
  app.post(
    '/keylog/cosign',
    {
      schema: {
        tags: ['Key log'],
        summary: "A witness's signature over a head",
        body: cosignRequest,
        response: answers(done),
      },
    },
    async (request) => {
      await cosignHead(services, sessionOf(request), request.body);
      return {};
    },
  );
  app.get(
    '/certificates/:hash',
    {
      schema: {
        tags: ['Key log'],
        summary: 'A device certificate by its hash',
        params: z.object({ hash: hashText }),
        response: answers(certificateBody),
      },
    },
    async (request) => {
      const hash = bytesOfText(request.params.hash, 'hash', 32);
      const certificate = await services.certificates.signed(sessionOf(request).org, hash);
      if (certificate === null) throw notFound();
      return { certificate: encodeBase64Url(certificate) };
    },
  );
}
