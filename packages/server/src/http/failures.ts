import { type ErrorBody, type ErrorCode, httpStatusOf, sentenceOf } from '@baton/wire';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiError } from '../api-error.ts';
import type { Services } from '../services.ts';
import { recordAudit } from '../store/audit.ts';
import { describeError } from '../telemetry/logger.ts';

/** What Fastify itself refuses, in words of the catalogue. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'wire.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.invalid',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'wire.malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'wire.malformed',
  FST_ERR_NOT_FOUND: 'request.not_found',
};
/** Database errors that say "not now" and nothing else: connection lost, server starting or stopping, too many connections. */
const PASSING_SQL_STATES = /^(08|53|57P)/;

/** Any error as one of the catalogue; what is unexpected is recorded without its message and answered as `server.internal`. */
export function toApiError(services: Pick<Services, 'log'>, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const known = FRAMEWORK_CODES[code];
  if (known !== undefined) return new ApiError(known);
  if (isBadRequest(error)) return new ApiError('wire.malformed');
  services.log.error('failed', describeError(error));
  if (PASSING_SQL_STATES.test(code) || code === 'ECONNREFUSED' || code === 'ECONNRESET')
    return new ApiError('limit.busy', '', 1000);
  return new ApiError('server.internal');
}

function isBadRequest(error: unknown): boolean {
  return error instanceof SyntaxError || (error as Partial<FastifyError> | null)?.statusCode === 400;
}

export function errorBodyOf(error: ApiError): ErrorBody {
  return { code: error.code, message: sentenceOf(error.code), at: error.at };
}

type Needs = Pick<Services, 'db' | 'ports' | 'log' | 'metrics'>;

/** Refusals that the compliance officer sees: somebody signed in asked for what is not theirs. */
const AUDITED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'policy.forbidden',
  'request.not_found',
  'auth.step_up',
]);

export function registerFailures(app: FastifyInstance, services: Needs): void {
  app.setErrorHandler((error, request, reply) => {
    const failure = hasZodFastifySchemaValidationErrors(error)
      ? new ApiError('wire.schema', (error.validation[0]?.instancePath ?? '').slice(1).replaceAll('/', '.'))
      : toApiError(services, error);
    services.metrics.refused(failure.code);
    services.log.debug('refused', {
      code: failure.code,
      route: request.routeOptions.url ?? 'none',
      method: request.method,
    });
    void auditRefusal(services, request, failure.code);
    if (failure.retryMs > 0) reply.header('retry-after', Math.ceil(failure.retryMs / 1000));
    return reply.status(httpStatusOf(failure.code)).type('application/json').send(errorBodyOf(failure));
  });
}

async function auditRefusal(services: Needs, request: FastifyRequest, code: ErrorCode): Promise<void> {
  const { session } = request;
  if (session === null || !AUDITED.has(code)) return;
  const event = {
    actor: session.account,
    session: session.session,
    action: `${request.method} ${request.routeOptions.url ?? 'none'}`.slice(0, 80),
    object: objectOf(request.params),
    outcome: 'refused' as const,
    code,
  };
  try {
    await recordAudit(services.db, { org: session.org, atMs: services.ports.clock.nowMs() }, [event]);
  } catch (error) {
    services.log.error('database', { event: 'audit', ...describeError(error) });
  }
}

/** The one id in the path, if it is an id at all. */
function objectOf(params: unknown): string | null {
  const [id] = Object.values(params ?? {}) as unknown[];
  return typeof id === 'string' && /^[a-z]_[A-Za-z0-9_-]{22}$/.test(id) ? id : null;
}
