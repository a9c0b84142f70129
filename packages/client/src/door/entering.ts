import { openVault, type SigningKey } from '@baton/crypto';
import { type Bytes, Secret } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import type { SessionBody, Vault } from '@baton/wire';
import type { NewAccount } from '../enrolment/new-account.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { Platform, Profile } from '../ports/platform.ts';
import type { Rest } from '../rest/rest.ts';
import { LiveSession } from '../session/live-session.ts';
import { type ProfileSecrets, ProfileVault } from '../vault/profile-secrets.ts';
import {
  becomeCurrent,
  bytesOf,
  checkVaultAge,
  prepareDevice,
  registerDevice,
  renewCertificate,
  signInByDevice,
} from './own-device.ts';

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
  const profile = await platform.profiles.open(account);
  return closedOnFailure(profile, async () => {
    const before = await new ProfileVault(profile.store).load();
    if (before && before.vault.version > version) throw new ClientError('ledger.rollback', 'vault');
    const device = await prepareDevice(platform, profile, { vault, before });
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
  });
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
  const profile = await platform.profiles.open(account);
  try {
    return await closedOnFailure(profile, async () => {
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
      const session = await start(ports, profile, secrets, { vault, deviceKey });
      await session.parts.vault.refresh().catch(ignoreOffline);
      return session;
    });
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
  const profile = await platform.profiles.open(account);
  return closedOnFailure(profile, async () => {
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
    await checkVaultAge(session.parts, view.boxKeys.at(-1)?.gen ?? 0);
    return session;
  }
  // The key log knows other keys for this account: somebody was given new ones, and these are void.
  await session.close();
  throw new ClientError('ledger.revoked', 'account');
}

/** Whatever fails on the way in leaves no open store behind: whoever tries again opens one of their own. */
async function closedOnFailure<T>(profile: Profile, enter: () => Promise<T>): Promise<T> {
  try {
    return await enter();
  } catch (error) {
    await profile.close();
    throw error;
  }
}

function ignoreOffline(error: unknown): void {
  if (!isClientError(error, 'limit.busy')) throw error;
}
