import { type ErrorCode, sentenceOf } from '@baton/wire';
import type { ClientFailure } from './api/session.ts';

/** The one error that the client throws on purpose: a code of the catalogue, the sentence to show, and where it happened. */
export class ClientError extends Error implements ClientFailure {
  override readonly name = 'ClientError';
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly at: string;
  /** When to try again by itself; 0 for never. */
  readonly retryMs: number;

  constructor(code: ErrorCode, at: string, detail: { sentence?: string; retryMs?: number } = {}) {
    super(`${code} at ${at}`);
    this.code = code;
    this.at = at;
    this.sentence = detail.sentence ?? sentenceOf(code);
    this.retryMs = detail.retryMs ?? 0;
  }
}

/** Nothing could be asked of the server: the caller may try again when the connection is back. */
export function offlineError(at: string): ClientError {
  return new ClientError('limit.busy', at, {
    sentence: 'You are offline. Try again when the connection is back.',
    retryMs: 2000,
  });
}

export function isClientError(error: unknown, code?: ErrorCode): error is ClientError {
  return error instanceof ClientError && (code === undefined || error.code === code);
}

/** Refusals that the next state of the world may lift: what was refused waits instead of failing. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'limit.busy',
  'limit.rate',
  'server.internal',
  'server.not_ready',
  'auth.expired',
  'auth.required',
]);

/** Whether the same may succeed later, so that it is kept and tried again. */
export function mayPass({ code }: ClientError): boolean {
  return PASSING.has(code);
}
