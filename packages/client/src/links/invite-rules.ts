import type { AccountId, TimestampMs } from '@baton/kernel';
import type { Consent, Reach } from '@baton/wire';
import type { InviteWish } from '../api/care.ts';
import { ClientError } from '../failure.ts';

type Wish = Omit<InviteWish, 'send' | 'to'> & Partial<Pick<InviteWish, 'send' | 'to'>>;

export interface InviteGround {
  readonly reach: Reach | null;
  readonly consents: readonly Consent[];
  /** null: somebody who has no account here yet. */
  readonly account: AccountId | null;
  readonly nowMs: TimestampMs;
}

/** Throws before anything is made: what would be refused half-way leaves somebody invited whom nobody wrote down. */
export function requireInvitable(wish: Wish, ground: InviteGround): void {
  const { relation, consent, confidential, until, send = 'hand', to = null } = wish;
  if (send !== 'hand' && !to) throw new ClientError('request.invalid', 'invite.to');
  if (until !== null && until <= ground.nowMs) throw new ClientError('request.invalid', 'invite.until');
  if (relation !== 'self' && confidential) throw onlyThePatient();
  if (ground.account !== null) requireSame(wish, findPerson(ground.reach, ground.account));
  if (relation === 'self') return;
  const record = ground.consents.find(({ id }) => id === consent);
  if (!record || record.purpose !== 'proxy' || record.revoked !== null)
    throw new ClientError('policy.forbidden', 'invite.consent', {
      sentence: 'Whoever speaks for a patient needs a consent on record first.',
    });
  const people = ground.reach?.people ?? [];
  // Renewing what somebody has already takes nobody else's: of old, one record let several in.
  if (people.some((person) => person.account === ground.account && person.consent === consent)) return;
  // It is revoked with one person's access and with nobody else's.
  if (people.some((person) => person.consent === consent && !person.ended))
    throw new ClientError('policy.forbidden', 'invite.consent', {
      sentence: 'This consent is for somebody else. Record one for this person.',
    });
}

/** Whose access has not ended. */
export function findPerson(reach: Reach | null, account: AccountId): Reach['people'][number] | null {
  return reach?.people.find((person) => person.account === account && !person.ended) ?? null;
}

/**
 * Who has an account is what they were: nobody comes as the patient who was let in to speak for them. Into an adolescent's own conversation
 * comes only who is known here as the patient.
 */
function requireSame(
  { relation, confidential }: Pick<Wish, 'relation' | 'confidential'>,
  known: Reach['people'][number] | null,
): void {
  if (confidential && known?.relation !== 'self') throw onlyThePatient();
  if (known && known.relation !== relation) throw new ClientError('request.invalid', 'invite.relation');
}

function onlyThePatient(): ClientError {
  return new ClientError('policy.forbidden', 'invite.confidential', {
    sentence: 'This conversation is between the patient and the practice. Nobody else can be let in.',
  });
}
