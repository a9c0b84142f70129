import {
  buildDemoLink,
  encodeBase32,
  generatePassphrase,
  generateRecoveryWords,
  generateTotpSecret,
  otpauthAddress,
} from '@baton/crypto';
import { type AccountId, type Bytes, decodeBase64Url, Secret } from '@baton/kernel';
import { type Job, passkeyOptions, serverInfo, sessionBody, setupInfo } from '@baton/wire';
import type { Door, FirstCredential, InvitationPreview, Session, SignInProof } from '../api/session.ts';
import { type CheckedInvitation, checkInvitation, previewOf } from '../enrolment/invitation.ts';
import { type EnrolmentPorts, makeAccount } from '../enrolment/new-account.ts';
import type { CredentialWish } from '../enrolment/new-credential.ts';
import { makeOrganisation } from '../enrolment/set-up.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Platform, Profile } from '../ports/platform.ts';
import { Rest } from '../rest/rest.ts';
import type { LiveSession } from '../session/live-session.ts';
import { signIn } from '../sign-in/sign-in.ts';
import { type EnteringPorts, enterClaimed, enterSignedIn, resume, resumeByDevice } from './entering.ts';

interface Recovery {
  readonly login: string;
  readonly words: readonly string[];
}

/** What `ClientDoor` offers beyond the promise, for the station and for tests. */
export interface SetUpWish {
  readonly token: string;
  readonly orgName: string;
  readonly adminName: string;
  readonly jobs: readonly Job[];
  readonly credentials: readonly CredentialWish[];
}

/** Before there is a session. */
export class ClientDoor implements Door {
  readonly #platform: Platform;
  readonly #rest: Rest;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#rest = new Rest(platform.transport);
  }

  resume(): Promise<LiveSession | null> {
    return resume(this.#entering());
  }

  /** For an account with a `device` credential (an agent). */
  resumeByDevice(): Promise<LiveSession | null> {
    return resumeByDevice(this.#entering());
  }

  async signIn(proof: SignInProof): Promise<LiveSession> {
    const { primitives, passkeys, bearer } = this.#platform;
    const signed = await signIn({ primitives, passkeys, bearer, rest: this.#rest }, proof);
    return enterSignedIn(this.#entering(), signed);
  }

  async serverInfo() {
    const info = await this.#rest.call({ method: 'GET', path: '/server', answer: serverInfo });
    const clockSkewMs = this.#platform.clock.nowMs() - info.time;
    return { demo: info.demo, setUp: info.setUp, clockSkewMs };
  }

  async previewInvitation(fragment: string): Promise<InvitationPreview> {
    return previewOf(await this.#check(fragment));
  }

  claimInvitation(input: {
    readonly fragment: string;
    readonly credential: FirstCredential;
    readonly recovery: Recovery;
  }): Promise<Session> {
    return this.claim(input.fragment, [input.credential, { kind: 'recovery', ...input.recovery }]);
  }

  /** Claims with any set of credentials. */
  async claim(fragment: string, credentials: readonly CredentialWish[]): Promise<LiveSession> {
    const invitation = await this.#check(fragment);
    if (invitation.claimed) throw new ClientError('conflict.claimed', 'invitation');
    if (invitation.expired) throw new ClientError('ledger.expired', 'invitation');
    const { statement } = invitation;
    const profile = await this.#freshProfile(statement.account);
    try {
      const deviceKey = await profile.keys.createDeviceKey();
      const account = await makeAccount(
        this.#enrolment(statement.account, statement.name ?? 'Patient'),
        {
          org: statement.org,
          account: statement.account,
          accountGen: statement.gen,
          isAgent: statement.kind === 'agent',
          invitation: invitation.hash,
          invitationKey: invitation.key,
          prev: invitation.prev,
          boxKeyGen: invitation.boxKeyGen,
          boxKeyPrev: invitation.boxKeyPrev,
          root: invitation.link.root,
          authority: null,
          credentials,
        },
        deviceKey,
      );
      const session = await this.#rest.call({
        method: 'POST',
        path: `/invitations/${statement.invitation}/claim`,
        body: account.body,
        answer: sessionBody,
      });
      return await enterClaimed(this.#entering(), profile, { account, session, deviceKey });
    } catch (error) {
      await profile.close();
      throw error;
    }
  }

  async setUpOrganisation(input: {
    readonly token: string;
    readonly orgName: string;
    readonly adminName: string;
    readonly jobs: readonly Job[];
    readonly credential: FirstCredential;
    readonly recovery: Recovery;
  }): Promise<{ readonly session: Session; readonly custodianShares: readonly string[] }> {
    const credentials: CredentialWish[] = [input.credential, { kind: 'recovery', ...input.recovery }];
    return this.setUp({ ...input, credentials });
  }

  async setUp(
    wish: SetUpWish,
  ): Promise<{ readonly session: LiveSession; readonly custodianShares: readonly string[] }> {
    const info = await this.#rest.call({
      method: 'POST',
      path: '/setup/begin',
      body: { token: wish.token },
      answer: setupInfo,
    });
    const serverKey = decodeBase64Url(info.serverKey);
    if (serverKey?.length !== 32) throw new ClientError('wire.malformed', 'setup');
    let profile: Profile | null = null;
    let account: AccountId | null = null;
    try {
      const made = await makeOrganisation(
        this.#enrolment(null, wish.adminName, () => account),
        { ...wish, serverKey },
        async (id) => {
          account = id;
          profile = await this.#freshProfile(id);
          return profile.keys.createDeviceKey();
        },
      );
      const session = await this.#rest.call({
        method: 'POST',
        path: '/setup',
        body: { token: wish.token, statements: made.statements, ...made.made.body },
        answer: sessionBody,
      });
      const opened = profile as Profile | null;
      const deviceKey = await opened?.keys.loadDeviceKey();
      if (!opened || !deviceKey) throw new ClientError('server.internal', 'device');
      const entered = await enterClaimed(this.#entering(), opened, {
        account: made.made,
        session,
        deviceKey,
      });
      await establishDuty(entered);
      return { session: entered, custodianShares: made.custodianShares };
    } catch (error) {
      await (profile as Profile | null)?.close();
      throw error;
    }
  }

  generatePassphrase(login: string) {
    const { rng, publicUrl } = this.#platform;
    const secret = generateTotpSecret(rng);
    const issuer = publicUrl.replace(/^https?:\/\//, '');
    return {
      passphrase: generatePassphrase(rng).reveal(),
      totpSecret: encodeBase32(secret.reveal()),
      otpauth: otpauthAddress({ issuer, login, secret }),
    };
  }

  generateRecoveryWords(): readonly string[] {
    return generateRecoveryWords(this.#platform.rng).reveal().split(' ');
  }

  async passkeySupport() {
    return { available: (await this.#platform.passkeys?.isAvailable()) ?? false };
  }

  /** A demo persona's secret and the link that carries it. */
  makeDemoLink(account: AccountId): { readonly secret: Secret<Bytes>; readonly link: string } {
    const secret = Secret.of(this.#platform.rng.bytes(32));
    return { secret, link: buildDemoLink(this.#platform.publicUrl, { account, secret }) };
  }

  async invitedAccount(fragment: string): Promise<AccountId> {
    return (await this.#check(fragment)).statement.account;
  }

  #check(fragment: string): Promise<CheckedInvitation> {
    return checkInvitation({ primitives: this.#platform.primitives, rest: this.#rest }, fragment);
  }

  #entering(): EnteringPorts {
    // A session of its own token: the door itself stays outside.
    return { platform: this.#platform, rest: new Rest(this.#platform.transport) };
  }

  /** New keys void whatever a profile of the same account held. */
  async #freshProfile(account: AccountId): Promise<Profile> {
    await this.#platform.profiles.wipe(account);
    return this.#platform.profiles.open(account);
  }

  #enrolment(
    account: AccountId | null,
    userName: string,
    accountNow: () => AccountId | null = () => account,
  ): EnrolmentPorts {
    const { primitives, rng, clock, device, bearer, passkeys } = this.#platform;
    return {
      primitives,
      rng,
      clock,
      device,
      bearer,
      passkeys,
      passkeyOptions: async () => {
        const answer = await this.#rest.call({
          method: 'POST',
          path: '/auth/passkey/registration',
          body: { account: accountNow(), userName },
          answer: passkeyOptions,
        });
        return answer.options;
      },
    };
  }
}

/** Without a duty supervisor nobody can ask for anything. Where it fails the organisation stands all the same, and On call offers it again. */
async function establishDuty(session: LiveSession): Promise<void> {
  try {
    await session.duty.establish();
  } catch (error) {
    if (!isClientError(error)) throw error;
  }
}
