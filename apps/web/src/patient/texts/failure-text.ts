import type { ErrorCode } from '@baton/wire';
import type { TextKey } from './texts.ts';

export type FailKey = Extract<TextKey, `fail.${string}`>;

/** What a patient is told of each code of the catalogue: what happened in everyday words, and what to do. */
const BY_CODE: Readonly<Record<ErrorCode, FailKey>> = {
  'wire.too_large': 'fail.tooLarge',
  'wire.malformed': 'fail.old',
  'wire.not_canonical': 'fail.old',
  'wire.schema': 'fail.old',
  'wire.version': 'fail.old',
  'ledger.bad_signature': 'fail.trust',
  'ledger.bad_chain': 'fail.trust',
  'ledger.bad_proof': 'fail.trust',
  'ledger.fork': 'fail.trust',
  'ledger.rollback': 'fail.trust',
  'ledger.unknown_signer': 'fail.trust',
  'ledger.expired': 'fail.signedOut',
  'ledger.revoked': 'fail.signedOut',
  'ledger.wrong_purpose': 'fail.trust',
  'policy.forbidden': 'fail.notAllowed',
  'policy.not_a_member': 'fail.notAllowed',
  'policy.already_member': 'fail.unknown',
  'policy.closed': 'fail.closed',
  'policy.recipients': 'fail.unknown',
  'policy.generation': 'fail.unknown',
  'policy.kind': 'fail.notAllowed',
  'policy.manifest': 'fail.notAllowed',
  'policy.last_admin': 'fail.notAllowed',
  'baton.ended': 'fail.unknown',
  'baton.not_yours': 'fail.notAllowed',
  'baton.no_offer': 'fail.unknown',
  'baton.owner': 'fail.unknown',
  'baton.escalation': 'fail.unknown',
  'duty.no_supervisor': 'fail.notAllowed',
  'duty.record': 'fail.unknown',
  'conflict.head': 'fail.unknown',
  'conflict.stale_generation': 'fail.unknown',
  'conflict.needs_rotate': 'fail.unknown',
  'conflict.version': 'fail.unknown',
  'conflict.exists': 'fail.unknown',
  'conflict.claimed': 'fail.notAllowed',
  'auth.required': 'fail.signedOut',
  'auth.failed': 'fail.auth',
  'auth.step_up': 'fail.signedOut',
  'auth.expired': 'fail.signedOut',
  'auth.locked': 'fail.notAllowed',
  'auth.origin': 'fail.old',
  'limit.rate': 'fail.tooManyTries',
  'limit.busy': 'fail.busy',
  'request.not_found': 'fail.notAllowed',
  'request.invalid': 'fail.old',
  'server.not_ready': 'fail.busy',
  'server.internal': 'fail.busy',
};

export function codeOf(error: unknown): ErrorCode | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && code in BY_CODE ? (code as ErrorCode) : null;
}

/** Without a network every code is one and the same thing to the person who holds the phone. */
export function failureText(error: unknown): FailKey {
  const code = codeOf(error);
  if (code === null) return navigator.onLine ? 'fail.unknown' : 'fail.offline';
  if (code === 'limit.busy' && !navigator.onLine) return 'fail.offline';
  return BY_CODE[code];
}
