import {
  CUSTODIAN_SHARES,
  CUSTODIAN_THRESHOLD,
  invitationSigningKey,
  makeInvitationSecret,
  type SigningKey,
  signStatement,
  splitCustodianSeed,
} from '@baton/crypto';
import { type AccountId, encodeBase64Url, newId, Secret } from '@baton/kernel';
import type { Job } from '@baton/wire';
import { type AccountPlan, type EnrolmentPorts, makeAccount, type NewAccount } from './new-account.ts';
import type { CredentialWish } from './new-credential.ts';

const DAY_MS = 86_400_000;
/** The enrolment signer rotates; whoever holds the authority makes the next one. */
export const ENROLLER_LIFE_MS = 90 * DAY_MS;
const FIRST_INVITATION_LIFE_MS = DAY_MS;

export interface SetUpInput {
  readonly orgName: string;
  readonly adminName: string;
  readonly jobs: readonly Job[];
  readonly serverKey: Uint8Array;
  readonly credentials: readonly CredentialWish[];
}

export interface SetUp {
  readonly account: AccountId;
  readonly made: NewAccount;
  /** org, enroller, custodian, the first invitation. */
  readonly statements: readonly string[];
  /** Printed words, to be handed out and kept apart. */
  readonly custodianShares: readonly string[];
}

/** Makes an organisation: authority, enrolment signer, custodian, and the first administrator, who holds the first two in the vault. */
export async function makeOrganisation(
  ports: EnrolmentPorts,
  input: SetUpInput,
  deviceKeyOf: (account: AccountId) => Promise<SigningKey>,
): Promise<SetUp> {
  const { primitives, rng, clock } = ports;
  const org = newId('org', rng);
  const account = newId('account', rng);
  const base = { v: 1, org, ts: clock.nowMs() } as const;
  const [oaSeed, oeSeed, custodianSeed] = [rng.bytes(32), rng.bytes(32), rng.bytes(32)] as const;
  const [oa, oe] = await Promise.all([
    primitives.signingKeyFromSeed(oaSeed),
    primitives.signingKeyFromSeed(oeSeed),
  ]);
  const custodian = await primitives.xwingKeyFromSeed(custodianSeed);
  const secret = makeInvitationSecret(rng);
  const invitationKey = await invitationSigningKey(primitives, secret);
  const orgStatement = await signStatement(primitives, {
    key: oa,
    body: { ...base, t: 'org', name: input.orgName, pub: oa.publicKey, server: input.serverKey },
  });
  const enroller = await signStatement(primitives, {
    key: oa,
    body: { ...base, t: 'enroller', gen: 1, pub: oe.publicKey, notAfter: base.ts + ENROLLER_LIFE_MS },
  });
  const custodianStatement = await signStatement(primitives, {
    key: oa,
    body: {
      ...base,
      t: 'custodian',
      gen: 1,
      year: new Date(base.ts).getUTCFullYear(),
      pub: custodian.publicKey,
      shares: CUSTODIAN_SHARES,
      threshold: CUSTODIAN_THRESHOLD,
    },
  });
  const invitation = await signStatement(primitives, {
    key: oe,
    body: {
      ...base,
      t: 'invitation',
      invitation: newId('invitation', rng),
      account,
      kind: 'user',
      gen: 1,
      name: input.adminName,
      jobs: [...input.jobs],
      pub: invitationKey.publicKey,
      notAfter: base.ts + FIRST_INVITATION_LIFE_MS,
      manifest: null,
    },
  });
  const plan: AccountPlan = {
    org,
    account,
    accountGen: 1,
    isAgent: false,
    invitation: invitation.hash,
    invitationKey,
    prev: null,
    boxKeyGen: 1,
    boxKeyPrev: null,
    root: orgStatement.hash,
    authority: { oa: oaSeed, oe: { gen: 1, seed: oeSeed } },
    credentials: input.credentials,
  };
  const made = await makeAccount(ports, plan, await deviceKeyOf(account));
  const shares = await splitCustodianSeed(primitives, Secret.of(custodianSeed));
  custodianSeed.fill(0);
  return {
    account,
    made,
    statements: [orgStatement, enroller, custodianStatement, invitation].map(({ bytes }) =>
      encodeBase64Url(bytes),
    ),
    custodianShares: shares.map((share) => share.reveal()),
  };
}
