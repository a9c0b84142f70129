import { generateRecoveryWords } from '@baton/crypto';
import { type Bytes, decodeBase64Url, type Secret } from '@baton/kernel';
import { patientLinkInfo, sessionBody, type SessionBody } from '@baton/wire';
import { makeAccount, type NewAccount } from '../enrolment/new-account.ts';
import type { CredentialWish } from '../enrolment/new-credential.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Profile } from '../ports/platform.ts';
import type { Rest } from '../rest/rest.ts';
import { signIn } from '../sign-in/sign-in.ts';
import type { OpenedLink } from './checked-link.ts';
import type { EnterPorts } from './entering-phone.ts';
import { recoveryWish, registrationOptions, requireOpening } from './ways-in.ts';

/** Over slow mobile data an answer gets lost more often than a claim. */
const MAX_TRIES = 4;
const RETRY_MS = 1500;

export type FirstWayIn =
  | { readonly kind: 'passkey'; readonly label: string }
  | { readonly kind: 'pin'; readonly pin: string };

export interface Claimed {
  readonly account: NewAccount;
  readonly session: SessionBody;
  readonly words: readonly string[] | null;
}

/** Makes the account's keys on this phone and claims the invitation with them. */
export async function claimLink(
  ports: EnterPorts,
  profile: Profile,
  input: { readonly link: OpenedLink; readonly first: FirstWayIn },
): Promise<Claimed> {
  const { platform, rest } = ports;
  const { link, first } = input;
  const { org, invitation, invitationHash } = link.chain;
  const words = first.kind === 'pin' ? generateRecoveryWords(platform.rng) : null;
  const credentials: CredentialWish[] = words
    ? [recoveryWish(platform.primitives, words), { kind: 'device', label: platform.device.label }]
    : [{ kind: 'passkey', label: first.kind === 'passkey' ? first.label : '' }];
  const account = await makeAccount(
    { ...platform, passkeyOptions: () => registrationOptions(rest, invitation.account) },
    {
      org: org.org,
      account: invitation.account,
      accountGen: invitation.gen,
      isAgent: false,
      invitation: invitationHash,
      invitationKey: link.key,
      prev: hashOrNull(link.info.prev),
      boxKeyGen: link.info.boxKeyGen,
      boxKeyPrev: hashOrNull(link.info.boxKeyPrev),
      root: link.link.root,
      authority: null,
      credentials,
    },
    await profile.keys.createDeviceKey(),
  );
  for (const body of account.body.credentials) requireOpening(body);
  const session = await postClaim(ports, { link, account, words });
  return { account, session, words: words && words.reveal().split(' ') };
}

/**
 * The first claim wins, and it may have been this one: where an answer got lost, the link tells whether it was used, and the own way in by
 * whom. Claiming once more would be an alarm to staff.
 */
async function postClaim(ports: EnterPorts, claim: Posted): Promise<SessionBody> {
  const { platform, rest } = ports;
  const path = `/invitations/${claim.link.link.invitation}/claim`;
  for (let tries = 1; ; tries++) {
    try {
      if (tries > 1 && (await wasUsed(rest, claim.link))) return await signInAsClaimed(ports, claim);
      return await rest.call({ method: 'POST', path, body: claim.account.body, answer: sessionBody });
    } catch (error) {
      if (!isClientError(error, 'limit.busy') || tries >= MAX_TRIES) throw error;
      await new Promise<void>((resolve) => platform.timers.after(RETRY_MS, resolve));
    }
  }
}

interface Posted {
  readonly link: OpenedLink;
  readonly account: NewAccount;
  readonly words: Secret<string> | null;
}

async function wasUsed(rest: Rest, { link }: OpenedLink): Promise<boolean> {
  const path = `/patient-links/${link.invitation}`;
  return (await rest.call({ method: 'GET', path, answer: patientLinkInfo })).claimed;
}

async function signInAsClaimed(
  { platform, rest }: EnterPorts,
  { link, words }: Posted,
): Promise<SessionBody> {
  const { primitives, passkeys, bearer } = platform;
  try {
    const { session } = await signIn(
      { primitives, passkeys, bearer, rest },
      words
        ? { kind: 'recovery', login: recoveryWish(primitives, words).login, words: words.reveal() }
        : { kind: 'passkey' },
    );
    if (session.account === link.chain.invitation.account) return session;
  } catch (error) {
    if (!isClientError(error, 'auth.failed')) throw error;
  }
  throw new ClientError('conflict.claimed', 'invitation');
}

function hashOrNull(text: string | null): Bytes | null {
  if (text === null) return null;
  const bytes = decodeBase64Url(text);
  if (bytes?.length !== 32) throw new ClientError('wire.malformed', 'link');
  return bytes;
}
