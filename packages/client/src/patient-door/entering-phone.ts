import { CryptoError, openVault, type SigningKey } from '@baton/crypto';
import { type AccountId, type Bytes, Secret } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import type { SessionBody, Vault } from '@baton/wire';
import {
  becomeCurrent,
  bytesOf,
  checkVaultAge,
  prepareDevice,
  registerDevice,
  renewCertificate,
  signInByDevice,
} from '../door/own-device.ts';
import type { NewAccount } from '../enrolment/new-account.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Profile } from '../ports/platform.ts';
import type { Rest } from '../rest/rest.ts';
import { type ProfileSecrets, ProfileVault } from '../vault/profile-secrets.ts';
import { openLockedStore } from './locked-store.ts';
import { PhoneSession } from './patient-session.ts';
import type { PhonePlatform } from './phone-ports.ts';
import { ClaimShelf, type OpenClaim, type PhoneRecord, PhoneShelf } from './phone-records.ts';
import type { PinLock } from './pin-lock.ts';

export interface EnterPorts {
  readonly platform: PhonePlatform;
  readonly rest: Rest;
  readonly pins: PinLock;
}

/** A phone's store and the same with its rows locked. */
interface OpenedPhone {
  readonly phone: Profile;
  readonly profile: Profile;
}

/** After a claim: everything was made on this phone just now. */
export async function enterClaimed(
  ports: EnterPorts,
  phone: Profile,
  made: {
    readonly account: NewAccount;
    readonly session: SessionBody;
    readonly claim: OpenClaim;
    readonly pin: string | null;
  },
): Promise<PhoneSession> {
  const { platform, rest, pins } = ports;
  const { account, session, claim, pin } = made;
  const { umk, vault } = account;
  rest.useToken(session.token);
  const opened = await unlockPhone(platform, phone, umk);
  const secrets: ProfileSecrets = {
    v: 1,
    org: vault.org,
    account: vault.account,
    umk: umk.reveal(),
    vault: { version: session.vault.version, sealed: account.vaultSealed },
    device: account.device,
    certificate: account.certificate.bytes,
    dk: account.certificate.hash,
    notAfter: account.notAfter,
    token: session.token,
    demo: session.demo,
  };
  await new ProfileVault(opened.profile.store).save(secrets);
  await new ClaimShelf(opened.profile.store).save(claim);
  const record: PhoneRecord = {
    v: 1,
    account: secrets.account,
    device: secrets.device,
    signsIn: pin !== null,
  };
  await new PhoneShelf(phone.store).save(record);
  if (pin !== null) await pins.set(secrets.account, umk, pin);
  await becomeCurrent(platform, secrets.account);
  // After a lost answer the session is of a sign-in, which knows no device yet.
  if (session.method !== 'claim') await registerDevice(rest, secrets.certificate);
  return start(ports, opened, { secrets, record, vault });
}

/** After a sign-in: opens the vault, gives this phone its key and certificate, and starts. */
export async function enterSignedIn(
  ports: EnterPorts,
  signed: { readonly session: SessionBody; readonly umk: Secret<Bytes> },
): Promise<PhoneSession> {
  const { platform, rest } = ports;
  const { session, umk } = signed;
  const { account } = session;
  rest.useToken(session.token);
  const sealed = bytesOf(session.vault.sealed, 'vault');
  const { version } = session.vault;
  const vault = (await openVault(platform.primitives, { account, version, umk, sealed })).reveal();
  if (vault.org !== session.org) throw new ClientError('ledger.wrong_purpose', 'vault.org');
  const { opened, before } = await openForSignIn(ports, account, umk);
  try {
    if (before && before.vault.version > version) throw new ClientError('ledger.rollback', 'vault');
    const device = await prepareDevice(platform, opened.phone, { vault, before });
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
    await new ProfileVault(opened.profile.store).save(secrets);
    await registerDevice(rest, device.kept.certificate);
    const shelf = new PhoneShelf(opened.phone.store);
    const signsIn = (await shelf.load())?.signsIn ?? false;
    const record: PhoneRecord = { v: 1, account, device: secrets.device, signsIn };
    await shelf.save(record);
    await becomeCurrent(platform, account);
    return await start(ports, opened, { secrets, record, vault });
  } catch (error) {
    await opened.phone.close();
    throw error;
  }
}

/** With the master key that this phone kept under its PIN, or for its tab. null where there is nothing to go on with. */
export async function enterKept(
  ports: EnterPorts,
  account: AccountId,
  umk: Secret<Bytes>,
): Promise<PhoneSession | null> {
  const { platform, rest } = ports;
  const phone = await platform.profiles.open(account);
  try {
    const opened = await unlockPhone(platform, phone, umk);
    const secrets = await new ProfileVault(opened.profile.store).load();
    const record = await new PhoneShelf(phone.store).load();
    if (!secrets || !record) {
      await phone.close();
      return null;
    }
    rest.useToken(secrets.token);
    return await startKept(ports, opened, { secrets, record });
  } catch (error) {
    await phone.close();
    throw error;
  }
}

/** By the session that is still open at the server, or by a new one that the phone's own key opens. */
async function startKept(
  ports: EnterPorts,
  opened: OpenedPhone,
  kept: { readonly secrets: ProfileSecrets; readonly record: PhoneRecord },
): Promise<PhoneSession> {
  const { record } = kept;
  let { secrets } = kept;
  const vault = await openKeptVault(ports, secrets);
  try {
    const session = await start(ports, opened, { secrets, record, vault });
    await session.parts.vault.refresh().catch(ignoreOffline);
    return session;
  } catch (error) {
    const isOver = isClientError(error, 'auth.required') || isClientError(error, 'auth.expired');
    if (!isOver || !record.signsIn) throw error;
  }
  secrets = await signInAnew(ports, secrets);
  return start(ports, await reopen(ports, secrets), {
    secrets,
    record,
    vault: await openKeptVault(ports, secrets),
  });
}

/** A start that failed has closed the store. */
async function reopen({ platform }: EnterPorts, secrets: ProfileSecrets): Promise<OpenedPhone> {
  const phone = await platform.profiles.open(secrets.account);
  return unlockPhone(platform, phone, Secret.of(secrets.umk));
}

async function signInAnew(ports: EnterPorts, secrets: ProfileSecrets): Promise<ProfileSecrets> {
  const { platform, rest } = ports;
  const { account, device } = secrets;
  const { profile, phone } = await reopen(ports, secrets);
  try {
    const deviceKey = await requireKey(phone);
    const session = await signInByDevice({ platform, rest }, { account, device, deviceKey });
    rest.useToken(session.token);
    const { version } = session.vault;
    if (version < secrets.vault.version) throw new ClientError('ledger.rollback', 'vault');
    const next: ProfileSecrets = {
      ...secrets,
      token: session.token,
      demo: session.demo,
      vault: { version, sealed: bytesOf(session.vault.sealed, 'vault') },
    };
    const vault = await openKeptVault(ports, next);
    const renewed = { ...next, ...(await renewCertificate({ platform, rest }, next, { vault, deviceKey })) };
    await new ProfileVault(profile.store).save(renewed);
    return renewed;
  } finally {
    await phone.close();
  }
}

/** Rows that another master key locked are of keys that are void: the account was given new ones since. */
async function openForSignIn(
  { platform, pins }: EnterPorts,
  account: AccountId,
  umk: Secret<Bytes>,
): Promise<{ readonly opened: OpenedPhone; readonly before: ProfileSecrets | null }> {
  const opened = await unlockPhone(platform, await platform.profiles.open(account), umk);
  try {
    return { opened, before: await new ProfileVault(opened.profile.store).load() };
  } catch (error) {
    await opened.phone.close();
    if (!(error instanceof CryptoError)) throw error;
  }
  await pins.remove(account);
  await platform.profiles.wipe(account);
  return { opened: await unlockPhone(platform, await platform.profiles.open(account), umk), before: null };
}

async function unlockPhone(
  platform: PhonePlatform,
  phone: Profile,
  umk: Secret<Bytes>,
): Promise<OpenedPhone> {
  const store = await openLockedStore(platform, phone.store, umk);
  return { phone, profile: { ...phone, store } };
}

async function openKeptVault({ platform }: EnterPorts, secrets: ProfileSecrets): Promise<Vault> {
  const { account, umk, vault } = secrets;
  return (await openVault(platform.primitives, { account, umk: Secret.of(umk), ...vault })).reveal();
}

async function start(
  ports: EnterPorts,
  opened: OpenedPhone,
  what: { readonly secrets: ProfileSecrets; readonly record: PhoneRecord; readonly vault: Vault },
): Promise<PhoneSession> {
  const { platform, rest, pins } = ports;
  const { secrets, record, vault } = what;
  const { org, account, device, certificate, dk } = secrets;
  const deviceKey = await requireKey(opened.phone);
  const session = await PhoneSession.start({
    platform,
    rest,
    pins,
    record,
    vault,
    secrets,
    phone: opened.phone,
    profile: opened.profile,
    identity: { org, account, device, certificate, dk, deviceKey },
    hasPin: (await pins.triesLeft(account)) !== null,
    signInAgain: async () => {
      if (!record.signsIn) return false;
      const fresh = await signInByDevice({ platform, rest }, { account, device, deviceKey });
      rest.useToken(fresh.token);
      await session.parts.vault.keep({ token: fresh.token });
      return true;
    },
  });
  const view = findAccount(session.parts.keyLog.state, account);
  if (view?.gen === vault.accountGen) {
    await checkVaultAge(session.parts, view.boxKeys.at(-1)?.gen ?? 0);
    return session;
  }
  // The key log knows other keys for this account: it was given new ones for another phone, and these are void.
  await session.close();
  throw new ClientError('ledger.revoked', 'account');
}

async function requireKey(phone: Profile): Promise<SigningKey> {
  const key = await phone.keys.loadDeviceKey();
  if (!key) throw new ClientError('auth.failed', 'device');
  return key;
}

function ignoreOffline(error: unknown): void {
  if (!isClientError(error, 'limit.busy')) throw error;
}
