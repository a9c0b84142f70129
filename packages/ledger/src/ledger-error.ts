import { err } from '@baton/kernel';
import type { ErrorCode } from '@baton/wire';

export type LedgerErrorCode = Extract<ErrorCode, `ledger.${string}` | `wire.${string}`>;

/**
 * Why an object was refused. `wire.*` where the bytes are no such object at all; `ledger.*` where they are, but do not hold. `at` names
 * the field, never its value.
 */
export interface LedgerError {
  readonly code: LedgerErrorCode;
  readonly at: string;
}

export function refuse(
  code: LedgerErrorCode,
  at: string,
): { readonly ok: false; readonly error: LedgerError } {
  return err({ code, at });
}
