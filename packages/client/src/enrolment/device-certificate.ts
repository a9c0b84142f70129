import { type SignedObject, type SigningKey, signCertificate } from '@baton/crypto';
import { type AccountId, type DeviceId, newId, type OrgId } from '@baton/kernel';
import type { DeviceCertificate } from '@baton/wire';
import type { Platform } from '../ports/platform.ts';

/** Clocks differ: a certificate counts from a little before it was made. */
const CLOCK_SLACK_MS = 2 * 60_000;
const DAY_MS = 86_400_000;

/** A device key's certificate, by the account's identity key. */
export async function certifyDevice(
  ports: Pick<Platform, 'primitives' | 'rng' | 'clock' | 'device'>,
  subject: {
    readonly org: OrgId;
    readonly account: AccountId;
    readonly accountGen: number;
    readonly isAgent: boolean;
    readonly uik: SigningKey;
    readonly deviceKey: SigningKey;
    /** Left out for a new device. */
    readonly device?: DeviceId;
  },
): Promise<{ readonly certificate: SignedObject; readonly device: DeviceId; readonly notAfter: number }> {
  const nowMs = ports.clock.nowMs();
  const device = subject.device ?? newId('device', ports.rng);
  const kind = ports.device.class;
  const body: DeviceCertificate = {
    v: 1,
    t: 'device',
    org: subject.org,
    ts: nowMs,
    account: subject.account,
    accountGen: subject.accountGen,
    device,
    pub: subject.deviceKey.publicKey,
    class: subject.isAgent ? 'agent' : kind === 'agent' ? 'personal' : kind,
    label: ports.device.label,
    notBefore: nowMs - CLOCK_SLACK_MS,
    notAfter: nowMs - CLOCK_SLACK_MS + ports.device.certificateDays * DAY_MS,
  };
  const certificate = await signCertificate(ports.primitives, { key: subject.uik, body });
  return { certificate, device, notAfter: body.notAfter };
}
