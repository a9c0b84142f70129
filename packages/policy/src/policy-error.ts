import { err } from '@baton/kernel';
import type { ErrorCode } from '@baton/wire';

export type PolicyErrorCode = Extract<
  ErrorCode,
  | `policy.${string}`
  | `ledger.${string}`
  | `baton.${string}`
  | `duty.${string}`
  | 'conflict.head'
  | 'conflict.version'
>;

/**
 * Why a change is not allowed. `conflict.head` where another entry took the position (apply that one and try again), `ledger.*` where the
 * entry does not chain, `conflict.version` where a record has been replaced. `at` names the field or the member at fault.
 */
export interface PolicyError {
  readonly code: PolicyErrorCode;
  readonly at: string;
}

export function deny(code: PolicyErrorCode, at: string): { readonly ok: false; readonly error: PolicyError } {
  return err({ code, at });
}
