import type { ErrorCode } from './error-codes.ts';

/** Why bytes from outside were refused. A value, not an exception: decoders return it in a Result. */
export interface WireError {
  readonly code: Extract<ErrorCode, `wire.${string}`>;
  /** Where in the object, never what was there. */
  readonly at: string;
}
