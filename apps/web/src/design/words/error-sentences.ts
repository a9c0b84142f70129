import type { ErrorCode } from '@baton/wire';
import type { I18n, MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** The catalogue of error codes in the app's languages. The English sentences are those of the wire; a test holds them equal. */
export const ERROR_SENTENCES: Readonly<Record<ErrorCode, MessageDescriptor>> = {
  'wire.too_large': msg`That is larger than allowed. Split it or choose a smaller file.`,
  'wire.malformed': msg`The data is not well-formed. Update the app and try again.`,
  'wire.not_canonical': msg`The data is not in its canonical form. Update the app and try again.`,
  'wire.schema': msg`A field is missing or has a wrong value. Update the app and try again.`,
  'wire.version': msg`This version is not supported. Update the app and try again.`,
  'ledger.bad_signature': msg`A signature does not fit. Nothing was changed; tell your security officer.`,
  'ledger.bad_chain': msg`A record does not follow the one before it. Nothing was changed; tell your security officer.`,
  'ledger.bad_proof': msg`A proof from the server does not hold. Nothing was accepted; tell your security officer.`,
  'ledger.fork': msg`Two histories of this conversation exist. Stop writing here and tell your security officer.`,
  'ledger.rollback': msg`The server shows an older state than before. Nothing was accepted; tell your security officer.`,
  'ledger.unknown_signer': msg`The signer is not known to your organisation.`,
  'ledger.expired': msg`A key or invitation has expired. Sign in again or ask for a new invitation.`,
  'ledger.revoked': msg`This device or account was signed out for good. Sign in again or ask your administrator.`,
  'ledger.wrong_purpose': msg`A key was used for something it is not meant for.`,
  'policy.forbidden': msg`Your role does not allow this. Ask an administrator if you need it.`,
  'policy.not_a_member': msg`There is nothing here that you can see.`,
  'policy.already_member': msg`Already a member of this conversation.`,
  'policy.closed': msg`This conversation is closed.`,
  'policy.recipients': msg`The list of recipients does not match the members.`,
  'policy.generation': msg`This change needs a new key generation.`,
  'policy.kind': msg`That change is not possible in this kind of conversation.`,
  'policy.manifest': msg`The assistant is not allowed in this conversation by its manifest.`,
  'policy.last_admin': msg`The last administrator cannot be removed. Name another one first.`,
  'baton.ended': msg`This was answered or closed already. Its history shows by whom.`,
  'baton.not_yours': msg`This is with somebody else. Take it over first, or ask its owner.`,
  'baton.no_offer': msg`There is no hand-over to accept here any more.`,
  'baton.owner': msg`Nobody can be held accountable under that name. Choose a person, role or queue in use.`,
  'baton.escalation': msg`The message does not carry what its escalation ladder needs. It is sealed again and sent.`,
  'duty.no_supervisor': msg`No duty supervisor is named yet. Ask an administrator to do it under On call; until then only FYI can be sent.`,
  'duty.record': msg`This schedule or ladder cannot work as it is. The check below it says why.`,
  'conflict.head': msg`Somebody changed the members at the same moment. It is tried again with the new list.`,
  'conflict.stale_generation': msg`The keys of this conversation have changed. The message is sealed again and sent.`,
  'conflict.needs_rotate': msg`A member lost a device or left. New keys are made before the next message.`,
  'conflict.version': msg`Somebody saved a newer version. Reload it and apply your change again.`,
  'conflict.exists': msg`That exists already.`,
  'conflict.claimed': msg`This invitation was used already. If that was not you, tell your administrator now.`,
  'auth.required': msg`Sign in to go on.`,
  'auth.failed': msg`That did not work. Check what you typed and try again.`,
  'auth.locked': msg`The code was tried too often. Ask the practice for a new link.`,
  'auth.step_up': msg`Confirm that it is you to do this.`,
  'auth.expired': msg`Your session has ended. Sign in again; your drafts are kept.`,
  'auth.origin': msg`This request did not come from the app.`,
  'limit.rate': msg`Too many tries. Wait a little and try again.`,
  'limit.busy': msg`The server is busy. It is tried again in a moment.`,
  'request.not_found': msg`There is nothing here that you can see.`,
  'request.invalid': msg`The request is not valid. Update the app and try again.`,
  'server.not_ready': msg`The server is starting. Try again in a moment.`,
  'server.internal': msg`The server failed and kept a record of it. Nothing was lost; try again.`,
};

const UNEXPECTED = msg`That did not work and nothing was changed. Try again; if it happens again, tell your administrator.`;

export interface Failure {
  readonly code: ErrorCode;
  readonly sentence: string;
}

export function isFailure(error: unknown): error is Failure {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code in ERROR_SENTENCES &&
    'sentence' in error &&
    typeof error.sentence === 'string'
  );
}

/** What to tell the person. The client's own sentence may be closer than the catalogue's; it speaks English only. */
export function failureSentence(error: unknown, i18n: I18n): string {
  if (!isFailure(error)) return i18n._(UNEXPECTED);
  return i18n.locale === 'en' ? error.sentence : i18n._(ERROR_SENTENCES[error.code]);
}
