/**
 * The closed catalogue of error codes. Each has the HTTP status that the API answers with and one sentence that a person can act on.
 * A test keeps this table, docs/protocol/errors.md and the server's use equal.
 */
export const ERROR_CODES = {
  'wire.too_large': [413, 'That is larger than allowed. Split it or choose a smaller file.'],
  'wire.malformed': [400, 'The data is not well-formed. Update the app and try again.'],
  'wire.not_canonical': [400, 'The data is not in its canonical form. Update the app and try again.'],
  'wire.schema': [400, 'A field is missing or has a wrong value. Update the app and try again.'],
  'wire.version': [400, 'This version is not supported. Update the app and try again.'],

  'ledger.bad_signature': [422, 'A signature does not fit. Nothing was changed; tell your security officer.'],
  'ledger.bad_chain': [
    422,
    'A record does not follow the one before it. Nothing was changed; tell your security officer.',
  ],
  'ledger.bad_proof': [
    422,
    'A proof from the server does not hold. Nothing was accepted; tell your security officer.',
  ],
  'ledger.fork': [
    409,
    'Two histories of this conversation exist. Stop writing here and tell your security officer.',
  ],
  'ledger.rollback': [
    409,
    'The server shows an older state than before. Nothing was accepted; tell your security officer.',
  ],
  'ledger.unknown_signer': [422, 'The signer is not known to your organisation.'],
  'ledger.expired': [422, 'A key or invitation has expired. Sign in again or ask for a new invitation.'],
  'ledger.revoked': [
    422,
    'This device or account was signed out for good. Sign in again or ask your administrator.',
  ],
  'ledger.wrong_purpose': [422, 'A key was used for something it is not meant for.'],

  'policy.forbidden': [403, 'Your role does not allow this. Ask an administrator if you need it.'],
  'policy.not_a_member': [404, 'There is nothing here that you can see.'],
  'policy.already_member': [409, 'Already a member of this conversation.'],
  'policy.closed': [409, 'This conversation is closed.'],
  'policy.recipients': [422, 'The list of recipients does not match the members.'],
  'policy.generation': [422, 'This change needs a new key generation.'],
  'policy.kind': [422, 'That change is not possible in this kind of conversation.'],
  'policy.manifest': [422, 'The assistant is not allowed in this conversation by its manifest.'],
  'policy.last_admin': [409, 'The last administrator cannot be removed. Name another one first.'],

  'baton.ended': [409, 'This was answered or closed already. Its history shows by whom.'],
  'baton.not_yours': [403, 'This is with somebody else. Take it over first, or ask its owner.'],
  'baton.no_offer': [409, 'There is no hand-over to accept here any more.'],
  'baton.owner': [
    422,
    'Nobody can be held accountable under that name. Choose a person, role or queue in use.',
  ],
  'baton.escalation': [
    422,
    'The message does not carry what its escalation ladder needs. It is sealed again and sent.',
  ],
  'duty.no_supervisor': [
    409,
    'No duty supervisor is named yet. Ask an administrator to do it under On call; until then only FYI can be sent.',
  ],
  'duty.record': [422, 'This schedule or ladder cannot work as it is. The check below it says why.'],

  'conflict.head': [
    409,
    'Somebody changed the members at the same moment. It is tried again with the new list.',
  ],
  'conflict.stale_generation': [
    409,
    'The keys of this conversation have changed. The message is sealed again and sent.',
  ],
  'conflict.needs_rotate': [
    409,
    'A member lost a device or left. New keys are made before the next message.',
  ],
  'conflict.version': [409, 'Somebody saved a newer version. Reload it and apply your change again.'],
  'conflict.exists': [409, 'That exists already.'],
  'conflict.claimed': [
    409,
    'This invitation was used already. If that was not you, tell your administrator now.',
  ],

  'auth.required': [401, 'Sign in to go on.'],
  'auth.failed': [401, 'That did not work. Check what you typed and try again.'],
  'auth.locked': [403, 'The code was tried too often. Ask the practice for a new link.'],
  'auth.step_up': [403, 'Confirm that it is you to do this.'],
  'auth.expired': [401, 'Your session has ended. Sign in again; your drafts are kept.'],
  'auth.origin': [403, 'This request did not come from the app.'],

  'limit.rate': [429, 'Too many tries. Wait a little and try again.'],
  'limit.busy': [503, 'The server is busy. It is tried again in a moment.'],

  'request.not_found': [404, 'There is nothing here that you can see.'],
  'request.invalid': [400, 'The request is not valid. Update the app and try again.'],
  'server.not_ready': [503, 'The server is starting. Try again in a moment.'],
  'server.internal': [500, 'The server failed and kept a record of it. Nothing was lost; try again.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ErrorCode = keyof typeof ERROR_CODES;

export function httpStatusOf(code: ErrorCode): number {
  return ERROR_CODES[code][0];
}

export function sentenceOf(code: ErrorCode): string {
  return ERROR_CODES[code][1];
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}
