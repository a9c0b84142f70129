import { errorBody } from '@baton/wire';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { IntegrationCaller } from '../access/integrations.ts';
import type { Session } from '../access/sessions.ts';
import { ApiError } from '../api-error.ts';
import type { SignedIn } from '../use-cases/describe-session.ts';
import { setSessionCookie } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the handler where the route asks for a session; read it with `sessionOf`. */
    session: Session | null;
    /** Set before the handler of a route for outside systems; read it with `integrationOf`. */
    integration: IntegrationCaller | null;
  }
  interface FastifyContextConfig {
    /** Left out: a session is needed. */
    auth?: 'none' | 'integration';
  }
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Routes that need no session. */
export const OPEN_ROUTE = { auth: 'none' } as const;

/** Routes for outside systems, with a token of their own; no session opens them, and that token opens nothing else (threat T37). */
export const INTEGRATION_ROUTE = { auth: 'integration' } as const;

export function integrationOf(request: Pick<FastifyRequest, 'integration'>): IntegrationCaller {
  if (request.integration === null) throw new ApiError('auth.required');
  return request.integration;
}

export function sessionOf(request: Pick<FastifyRequest, 'session'>): Session {
  if (request.session === null) throw new ApiError('auth.required');
  return request.session;
}

/** Answers of a route for the OpenAPI document: its own, and the one shape of all errors. */
export function answers<T extends z.ZodType>(
  ok: T,
): { 200: T; '4xx': typeof errorBody; '5xx': typeof errorBody } {
  return { 200: ok, '4xx': errorBody, '5xx': errorBody };
}

export const done = z.object({}).meta({ id: 'Done' });

/** A new session: its token goes into the cookie unless the client asked for it in the body. */
export function sendSession(reply: FastifyReply, signedIn: SignedIn): SignedIn['body'] {
  if (signedIn.cookieToken !== null) setSessionCookie(reply, signedIn.cookieToken);
  return signedIn.body;
}

/** A whole number in a query. */
export function queryNumber(options: {
  min: number;
  max: number;
}): z.ZodPipe<z.ZodCoercedNumber, z.ZodNumber> {
  return z.coerce.number().pipe(z.number().int().min(options.min).max(options.max));
}

export const MAX_POSITION = Number.MAX_SAFE_INTEGER;
