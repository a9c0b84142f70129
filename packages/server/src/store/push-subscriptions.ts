import type { AccountId, Bytes, DeviceId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';
import type { PushSubscriptionRow } from './outside-schema.ts';

/** Puts a device's subscription in place of its last one. A browser that has changed hands is subscribed for its newest device only. */
export async function putPushSubscription(trx: OrgTransaction, row: PushSubscriptionRow): Promise<void> {
  await trx
    .deleteFrom('push_subscriptions')
    .where((is) => is.or([is('device', '=', row.device), is('endpoint_hash', '=', row.endpoint_hash)]))
    .execute();
  await trx.insertInto('push_subscriptions').values(row).execute();
}

/** Of the accounts' devices that may still sign. */
export async function listPushSubscriptions(
  trx: OrgTransaction,
  accounts: readonly AccountId[],
  atMs: number,
): Promise<PushSubscriptionRow[]> {
  return trx
    .selectFrom('push_subscriptions')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.org', '=', 'push_subscriptions.org')
        .onRef('devices.device', '=', 'push_subscriptions.device'),
    )
    .selectAll('push_subscriptions')
    .where('push_subscriptions.account', 'in', [...accounts])
    .where('devices.revoked_at', 'is', null)
    .where('devices.not_after', '>', atMs)
    .execute();
}

/** One device's, or all of the account's. */
export async function removePushSubscriptions(
  trx: OrgTransaction,
  what: { account: AccountId; device: DeviceId | null },
): Promise<void> {
  let query = trx.deleteFrom('push_subscriptions').where('account', '=', what.account);
  if (what.device !== null) query = query.where('device', '=', what.device);
  await query.execute();
}

/** The push service does not know it any more. */
export async function removePushEndpoint(trx: OrgTransaction, endpointHash: Bytes): Promise<void> {
  await trx.deleteFrom('push_subscriptions').where('endpoint_hash', '=', endpointHash).execute();
}
