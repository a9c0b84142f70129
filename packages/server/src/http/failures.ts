import { type ErrorBody, type ErrorCode, httpStatusOf, sentenceOf } from '@baton/wire';
import type { FastifyError, FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { recordRefusal } from '../use-cases/record-refusal.ts';
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

type Needs = Pick<Services, 'audit' | 'log' | 'metrics'>;

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
    if (request.session !== null)
      void recordRefusal(services, request.session, {
        code: failure.code,
        action: `${request.method} ${request.routeOptions.url ?? 'none'}`,
        params: request.params,
      });
    if (failure.retryMs > 0) reply.header('retry-after', Math.ceil(failure.retryMs / 1000));
    return reply.status(httpStatusOf(failure.code)).type('application/json').send(errorBodyOf(failure));
  });
}
