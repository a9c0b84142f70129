import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';

export const SESSION_COOKIE = '__Host-baton';
const OPTIONS: CookieSerializeOptions = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' };

/** A session cookie: it goes with the browser, and the server's own limits end it anyway. */
export function setSessionCookie(reply: FastifyReply, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, OPTIONS);
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, OPTIONS);
}

export interface GivenToken {
  readonly token: string | null;
  /** Sent by the browser by itself, so that the request must also prove where it comes from. */
  readonly byCookie: boolean;
}

/** A bearer token wins over a cookie. */
export function tokenOf(headers: {
  readonly authorization?: string | undefined;
  readonly cookie: string | undefined;
}): GivenToken {
  const bearer = /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return { token: bearer, byCookie: false };
  return { token: headers.cookie ?? null, byCookie: headers.cookie !== undefined };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Origins of the app: the public address; on a machine's own address, its other names too. */
export function allowedOrigins(publicUrl: string): ReadonlySet<string> {
  const url = new URL(publicUrl);
  if (!LOOPBACK.has(url.hostname)) return new Set([url.origin]);
  const port = url.port === '' ? '' : `:${url.port}`;
  return new Set([...LOOPBACK].map((host) => `${url.protocol}//${host}${port}`));
}

/** Refuses a state-changing request that a foreign page could have made (standards: cookies are SameSite=Strict besides). */
export function requireOrigin(
  request: Pick<FastifyRequest, 'method' | 'headers'>,
  rule: { origins: ReadonlySet<string>; mustBeGiven: boolean },
): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin } = request.headers;
  if (origin === undefined ? rule.mustBeGiven : !rule.origins.has(origin)) throw new ApiError('auth.origin');
}
