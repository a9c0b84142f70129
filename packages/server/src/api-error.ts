import { type ErrorCode, httpStatusOf, sentenceOf } from '@baton/wire';

/** The one error that use-cases throw; http and sync answer its code from the catalogue. `at` names a field, never a value. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly at: string;
  /** When a retry makes sense, in milliseconds; 0: not by itself. */
  readonly retryMs: number;

  constructor(code: ErrorCode, at = '', retryMs = 0) {
    super(sentenceOf(code));
    this.code = code;
    this.at = at;
    this.retryMs = retryMs;
  }

  get status(): number {
    return httpStatusOf(this.code);
  }
}

/** The value of a Result whose error carries a catalogue code, or the ApiError with it. */
export function accept<T>(
  result:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly error: { readonly code: ErrorCode; readonly at: string } },
): T {
  if (result.ok) return result.value;
  throw new ApiError(result.error.code, result.error.at);
}

/** For what does not exist and for what the caller may not see: the same answer. */
export function notFound(): ApiError {
  return new ApiError('request.not_found');
}
