import { openVault, signSessionChallenge, type SigningKey } from '@baton/crypto';
import { type AccountId, type Bytes, decodeBase64Url, encodeBase64Url, Secret } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import { deviceChallenge, type SessionBody, sessionBody, type Vault } from '@baton/wire';
import { certifyDevice, type NewAccount } from '../enrolment/new-account.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { Platform, Profile } from '../ports/platform.ts';
import type { Rest } from '../rest/rest.ts';
import { LiveSession } from '../session/live-session.ts';
import { type ProfileSecrets, ProfileVault } from '../vault/profile-secrets.ts';

/** A certificate with less left than this is renewed at the next start. */
const RENEW_BEFORE_MS = 14 * 86_400_000;

export interface EnteringPorts {
  readonly platform: Platform;
  readonly rest: Rest;
}

/** After a sign-in: opens the vault, gives this device its key and certificate, and starts the session. */
export async function enterSignedIn(
  ports: EnteringPorts,
  signed: { readonly session: SessionBody; readonly umk: Secret<Bytes> },
): Promise<LiveSession> {
  const { platform, rest } = ports;
  const { session, umk } = signed;
  const { account } = session;
  rest.useToken(session.token);
  const sealed = bytesOf(session.vault.sealed, 'vault');
  const { version } = session.vault;
  const vault = (await openVault(platform.primitives, { account, version, umk, sealed })).reveal();
  if (vault.org !== session.org) throw new ClientError('ledger.wrong_purpose', 'vault.org');
  const profile = await openProfile(platform, account);
  const before = await new ProfileVault(profile.store).load();
  if (before && before.vault.version > version) {
    await profile.close();
    throw new ClientError('ledger.rollback', 'vault');
  }
  const device = await prepareDevice(ports, profile, vault, before);
  const secrets: ProfileSecrets = {
    v: 1,
    org: session.org,
    account,
    umk: umk.reveal(),
    vault: { version, sealed },
    token: session.token,
    demo: session.demo,
    ...device.kept,
  };
  await new ProfileVault(profile.store).save(secrets);
  await registerDevice(rest, device.kept.certificate);
  await becomeCurrent(platform, account);
  return start(ports, profile, secrets, { vault, deviceKey: device.key });
}

/** After a claim or a set-up: everything was made on this device just now. */
export async function enterClaimed(
  ports: EnteringPorts,
  profile: Profile,
  made: { readonly account: NewAccount; readonly session: SessionBody; readonly deviceKey: SigningKey },
): Promise<LiveSession> {
  const { account, session, deviceKey } = made;
  ports.rest.useToken(session.token);
  const secrets: ProfileSecrets = {
    v: 1,
    org: account.vault.org,
    account: account.vault.account,
    umk: account.umk.reveal(),
    vault: { version: session.vault.version, sealed: account.vaultSealed },
    device: account.device,
    certificate: account.certificate.bytes,
    dk: account.certificate.hash,
    notAfter: account.notAfter,
    token: session.token,
    demo: session.demo,
  };
  await new ProfileVault(profile.store).save(secrets);
  await becomeCurrent(ports.platform, secrets.account);
  return start(ports, profile, secrets, { vault: account.vault, deviceKey });
}

/** Goes on where this device left off, without asking anything; null when there is nothing to go on with. */
export async function resume(ports: EnteringPorts): Promise<LiveSession | null> {
  const { platform, rest } = ports;
  const account = await platform.profiles.current();
  if (account === null) return null;
  const profile = await openProfile(platform, account);
  const secrets = await new ProfileVault(profile.store).load();
  const deviceKey = await profile.keys.loadDeviceKey();
  if (!secrets || !deviceKey) {
    await profile.close();
    return null;
  }
  rest.useToken(secrets.token);
  const umk = Secret.of(secrets.umk);
  const { version, sealed } = secrets.vault;
  const vault = (await openVault(platform.primitives, { account, version, umk, sealed })).reveal();
  try {
    const session = await start(ports, profile, secrets, { vault, deviceKey });
    await session.parts.vault.refresh().catch(ignoreOffline);
    return session;
  } catch (error) {
    if (isClientError(error, 'auth.required') || isClientError(error, 'auth.expired')) return null;
    throw error;
  }
}

/** An agent proves itself by its device key: no person is there to type anything. */
export async function resumeByDevice(ports: EnteringPorts): Promise<LiveSession | null> {
  const { platform, rest } = ports;
  const account = await platform.profiles.current();
  if (account === null) return null;
  const profile = await openProfile(platform, account);
  const vaultOf = new ProfileVault(profile.store);
  const secrets = await vaultOf.load();
  const deviceKey = await profile.keys.loadDeviceKey();
  if (!secrets || !deviceKey) {
    await profile.close();
    return null;
  }
  const session = await signInByDevice(ports, { account, device: secrets.device, deviceKey });
  rest.useToken(session.token);
  const umk = Secret.of(secrets.umk);
  const sealed = bytesOf(session.vault.sealed, 'vault');
  const { version } = session.vault;
  if (version < secrets.vault.version) throw new ClientError('ledger.rollback', 'vault');
  const vault = (await openVault(platform.primitives, { account, version, umk, sealed })).reveal();
  const next: ProfileSecrets = {
    ...secrets,
    ...(await renewCertificate(ports, secrets, { vault, deviceKey })),
    token: session.token,
    demo: session.demo,
    vault: { version, sealed },
  };
  await vaultOf.save(next);
  return start(ports, profile, next, { vault, deviceKey });
}

/** Nobody signs an agent in anew: its certificate is renewed for the same device and key before it ends. */
async function renewCertificate(
  ports: EnteringPorts,
  secrets: ProfileSecrets,
  own: { readonly vault: Vault; readonly deviceKey: SigningKey },
): Promise<Partial<ProfileSecrets>> {
  const { platform, rest } = ports;
  if (secrets.notAfter - platform.clock.nowMs() > RENEW_BEFORE_MS) return {};
  const { org, account, accountGen } = own.vault;
  const uik = await platform.primitives.signingKeyFromSeed(own.vault.uik);
  const { device } = secrets;
  const subject = { org, account, accountGen, isAgent: platform.device.class === 'agent', uik, device };
  const { certificate, notAfter } = await certifyDevice(platform, { ...subject, deviceKey: own.deviceKey });
  await registerDevice(rest, certificate.bytes);
  return { certificate: certificate.bytes, dk: certificate.hash, notAfter };
}

async function signInByDevice(
  ports: EnteringPorts,
  who: { readonly account: AccountId; readonly device: string; readonly deviceKey: SigningKey },
): Promise<SessionBody> {
  const { account, device, deviceKey } = who;
  const { challenge } = await ports.rest.call({
    method: 'POST',
    path: '/auth/device/challenge',
    body: { account, device },
    answer: deviceChallenge,
  });
  const signature = await signSessionChallenge(ports.platform.primitives, {
    key: deviceKey,
    challenge: bytesOf(challenge, 'challenge'),
  });
  return ports.rest.call({
    method: 'POST',
    path: '/auth/device',
    body: { account, device, challenge, signature: encodeBase64Url(signature) },
    answer: sessionBody,
  });
}

interface Device {
  readonly key: SigningKey;
  readonly kept: Pick<ProfileSecrets, 'device' | 'certificate' | 'dk' | 'notAfter'>;
}

/** The device key of before where it still serves this identity; otherwise a new one. */
async function prepareDevice(
  ports: EnteringPorts,
  profile: Profile,
  vault: Vault,
  before: ProfileSecrets | null,
): Promise<Device> {
  const { platform } = ports;
  const known = before ? await profile.keys.loadDeviceKey() : null;
  const isCurrent =
    before !== null && known !== null && before.notAfter - platform.clock.nowMs() > RENEW_BEFORE_MS;
  const sameIdentity = before !== null && (await openedGeneration(platform, before)) === vault.accountGen;
  if (before && known && isCurrent && sameIdentity) {
    const { device, certificate, dk, notAfter } = before;
    return { key: known, kept: { device, certificate, dk, notAfter } };
  }
  const key = await profile.keys.createDeviceKey();
  const uik = await platform.primitives.signingKeyFromSeed(vault.uik);
  const { org, account, accountGen } = vault;
  const isAgent = platform.device.class === 'agent';
  const made = await certifyDevice(platform, { org, account, accountGen, isAgent, uik, deviceKey: key });
  const { certificate, device, notAfter } = made;
  return { key, kept: { device, certificate: certificate.bytes, dk: certificate.hash, notAfter } };
}

async function openedGeneration(platform: Platform, secrets: ProfileSecrets): Promise<number | null> {
  const { account, umk, vault } = secrets;
  try {
    const opened = await openVault(platform.primitives, { account, umk: Secret.of(umk), ...vault });
    return opened.reveal().accountGen;
  } catch {
    // Sealed under another master key: the account got new keys since.
    return null;
  }
}

async function registerDevice(rest: Rest, certificate: Bytes): Promise<void> {
  await rest.call({
    method: 'POST',
    path: '/devices',
    body: { certificate: encodeBase64Url(certificate) },
    answer: null,
  });
}

async function start(
  ports: EnteringPorts,
  profile: Profile,
  secrets: ProfileSecrets,
  opened: { readonly vault: Vault; readonly deviceKey: SigningKey },
): Promise<LiveSession> {
  const { org, account, device, certificate, dk } = secrets;
  const identity: Identity = { org, account, device, certificate, dk, deviceKey: opened.deviceKey };
  const { platform, rest } = ports;
  const session = await LiveSession.start({
    platform,
    rest,
    profile,
    secrets,
    vault: opened.vault,
    identity,
  });
  const view = findAccount(session.parts.keyLog.state, account);
  if (view?.gen === opened.vault.accountGen) {
    await checkVaultAge(session, view.boxKeys.at(-1)?.gen ?? 0);
    return session;
  }
  // The key log knows other keys for this account: somebody was given new ones, and these are void.
  await session.close();
  throw new ClientError('ledger.revoked', 'account');
}

/** The log never names a box key before a vault holds it: a vault that has none of it is an old one (threat T9). */
async function checkVaultAge(session: LiveSession, boxKeyGen: number): Promise<void> {
  const { vault, alarms } = session.parts;
  if (vault.vault.puk.gen >= boxKeyGen) return;
  // Another device may have made the new key since this one was here.
  await vault.refresh().catch(ignoreOffline);
  if (vault.vault.puk.gen < boxKeyGen)
    alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: 'vault' });
}

async function openProfile(platform: Platform, account: AccountId): Promise<Profile> {
  return platform.profiles.open(account);
}

/** One account at a time uses this device: the other tabs of the one before learn that their session is over. */
async function becomeCurrent(platform: Platform, account: AccountId): Promise<void> {
  const before = await platform.profiles.current();
  if (before !== null && before !== account) {
    const peers = platform.peers(before);
    peers.post({ t: 'ended' });
    peers.close();
  }
  await platform.profiles.setCurrent(account);
}

function ignoreOffline(error: unknown): void {
  if (!isClientError(error, 'limit.busy')) throw error;
}

function bytesOf(text: string, at: string): Bytes {
  const bytes = decodeBase64Url(text);
  if (!bytes) throw new ClientError('wire.malformed', at);
  return bytes;
}
