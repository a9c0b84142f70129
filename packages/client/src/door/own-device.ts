import { openVault, signSessionChallenge, type SigningKey } from '@baton/crypto';
import { type AccountId, type Bytes, decodeBase64Url, encodeBase64Url, Secret } from '@baton/kernel';
import { deviceChallenge, type SessionBody, sessionBody, type Vault } from '@baton/wire';
import type { Alarms } from '../alarms/alarms.ts';
import { certifyDevice } from '../enrolment/device-certificate.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Platform, Profile } from '../ports/platform.ts';
import type { Rest } from '../rest/rest.ts';
import type { ProfileSecrets } from '../vault/profile-secrets.ts';
import type { VaultKeeper } from '../vault/vault-keeper.ts';

/** A certificate with less left than this is renewed at the next start. */
const RENEW_BEFORE_MS = 14 * 86_400_000;

export interface OwnDevicePorts {
  readonly platform: Platform;
  readonly rest: Rest;
}

/** Where nobody signs in anew, the certificate is renewed for the same device and key before it ends. */
export async function renewCertificate(
  ports: OwnDevicePorts,
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

export async function signInByDevice(
  ports: OwnDevicePorts,
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

export interface OwnDevice {
  readonly key: SigningKey;
  readonly kept: Pick<ProfileSecrets, 'device' | 'certificate' | 'dk' | 'notAfter'>;
}

/** The device key of before where it still serves this identity; otherwise a new one. */
export async function prepareDevice(
  platform: Platform,
  profile: Pick<Profile, 'keys'>,
  { vault, before }: { readonly vault: Vault; readonly before: ProfileSecrets | null },
): Promise<OwnDevice> {
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

export async function registerDevice(rest: Rest, certificate: Bytes): Promise<void> {
  await rest.call({
    method: 'POST',
    path: '/devices',
    body: { certificate: encodeBase64Url(certificate) },
    answer: null,
  });
}

/** The log never names a box key before a vault holds it: a vault that has none of it is an old one (threat T9). */
export async function checkVaultAge(
  { vault, alarms }: { readonly vault: VaultKeeper; readonly alarms: Alarms },
  boxKeyGen: number,
): Promise<void> {
  if (vault.vault.puk.gen >= boxKeyGen) return;
  // Another device may have made the new key since this one was here.
  await vault.refresh().catch(ignoreOffline);
  if (vault.vault.puk.gen < boxKeyGen)
    alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: 'vault' });
}

/** One account at a time uses this device: the other tabs of the one before learn that their session is over. */
export async function becomeCurrent(platform: Platform, account: AccountId): Promise<void> {
  const before = await platform.profiles.current();
  if (before !== null && before !== account) {
    const peers = platform.peers(before);
    peers.post({ t: 'ended' });
    peers.close();
  }
  await platform.profiles.setCurrent(account);
}

export function bytesOf(text: string, at: string): Bytes {
  const bytes = decodeBase64Url(text);
  if (!bytes) throw new ClientError('wire.malformed', at);
  return bytes;
}

function ignoreOffline(error: unknown): void {
  if (!isClientError(error, 'limit.busy')) throw error;
}
