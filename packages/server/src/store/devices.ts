import type { AccountId, Bytes, DeviceId, OrgId } from '@baton/kernel';
import type { DeviceCertificate } from '@baton/wire';
import type { OrgTransaction } from './database.ts';
import { removePushSubscriptions } from './push-subscriptions.ts';
import type { DeviceRow } from './schema.ts';

export async function findCertificate(trx: OrgTransaction, hash: Bytes): Promise<Bytes | null> {
  const row = await trx.selectFrom('certificates').select('body').where('hash', '=', hash).executeTakeFirst();
  return row?.body ?? null;
}

export interface NewCertificate {
  readonly org: OrgId;
  readonly hash: Bytes;
  readonly body: Bytes;
  readonly certificate: DeviceCertificate;
  readonly atMs: number;
}

/** Keeps the certificate for good and makes it its device's newest; false where the device is another account's or was revoked. */
export async function saveCertificate(trx: OrgTransaction, what: NewCertificate): Promise<boolean> {
  const { org, hash, body, certificate, atMs } = what;
  const { account, device, label, notAfter } = certificate;
  const known = await findDevice(trx, device);
  if (known !== null && (known.account !== account || known.revoked_at !== null)) return false;
  await trx
    .insertInto('certificates')
    .values({ org, hash, account, device, body, created_at: atMs })
    .onConflict((conflict) => conflict.columns(['org', 'hash']).doNothing())
    .execute();
  const newest = { label, class: certificate.class, certificate: hash, not_after: notAfter };
  await trx
    .insertInto('devices')
    .values({ org, device, account, ...newest, created_at: atMs, last_seen_at: atMs, revoked_at: null })
    .onConflict((conflict) =>
      conflict.columns(['org', 'device']).doUpdateSet({ ...newest, last_seen_at: atMs }),
    )
    .execute();
  return true;
}

export async function findDevice(trx: OrgTransaction, device: DeviceId): Promise<DeviceRow | null> {
  return (
    (await trx.selectFrom('devices').selectAll().where('device', '=', device).executeTakeFirst()) ?? null
  );
}

/** Devices that may still sign, newest first. */
export async function listDevices(
  trx: OrgTransaction,
  account: AccountId,
  atMs: number,
): Promise<DeviceRow[]> {
  return trx
    .selectFrom('devices')
    .selectAll()
    .where('account', '=', account)
    .where('revoked_at', 'is', null)
    .where('not_after', '>', atMs)
    .orderBy('created_at', 'desc')
    .orderBy('device')
    .execute();
}

/** One device of an account, or all of them. */
export async function revokeDevices(
  trx: OrgTransaction,
  what: { account: AccountId; device: DeviceId | null; atMs: number },
): Promise<void> {
  let query = trx
    .updateTable('devices')
    .set({ revoked_at: what.atMs })
    .where('account', '=', what.account)
    .where('revoked_at', 'is', null);
  if (what.device !== null) query = query.where('device', '=', what.device);
  await query.execute();
  await removePushSubscriptions(trx, what);
}
