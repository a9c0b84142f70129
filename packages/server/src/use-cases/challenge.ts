import { type AccountId, type DeviceId, encodeBase64Url } from '@baton/kernel';
import { registrationOptions, relyingPartyOf, signInOptions } from '../access/passkeys.ts';
import { CHALLENGE_LIFE_MS } from '../config.ts';
import type { Services } from '../server-parts.ts';
import { insertChallenge } from '../store/one-time.ts';
import type { ChallengeRow } from '../store/schema.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'limits' | 'config'>;

/** A one-time challenge; the answer tells nothing about whether the account exists. */
export async function giveChallenge(
  needs: Needs,
  what: {
    purpose: ChallengeRow['purpose'];
    account: AccountId | null;
    device: DeviceId | null;
    address: string;
  },
): Promise<Uint8Array> {
  const { ports, db, limits } = needs;
  await limits.spend('challenge', { subject: null, address: what.address });
  const challenge = ports.rng.bytes(32);
  const atMs = ports.clock.nowMs();
  await insertChallenge(db.global, {
    hash: ports.digest(challenge),
    purpose: what.purpose,
    account: what.account,
    device: what.device,
    atMs,
    expiresAtMs: atMs + CHALLENGE_LIFE_MS,
  });
  return challenge;
}

export async function givePasskeyOptions(
  needs: Needs,
  address: string,
): Promise<{ flow: string; options: Record<string, unknown> }> {
  const purpose = 'passkey-sign-in' as const;
  const challenge = await giveChallenge(needs, { purpose, account: null, device: null, address });
  const options = await signInOptions(relyingPartyOf(needs.config.publicUrl), challenge);
  return { flow: encodeBase64Url(challenge), options: { ...options } };
}

export async function giveRegistrationOptions(
  needs: Needs,
  who: { account: AccountId; userName: string; address: string },
): Promise<{ flow: string; options: Record<string, unknown> }> {
  const { account, userName, address } = who;
  const purpose = 'passkey-register' as const;
  const challenge = await giveChallenge(needs, { purpose, account, device: null, address });
  const party = relyingPartyOf(needs.config.publicUrl);
  const options = await registrationOptions(party, { account, userName, challenge });
  return { flow: encodeBase64Url(challenge), options: { ...options } };
}
