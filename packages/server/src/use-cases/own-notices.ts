import { type DeviceId, decodeBase64Url, encodeBase64Url, encodeUtf8 } from '@baton/kernel';
import type { NoticeAddressBody, PushSubscriptionBody } from '@baton/wire';
import { loadActor, requirePermission } from '../access/actor.ts';
import type { Session } from '../access/sessions.ts';
import { ApiError } from '../api-error.ts';
import { openNoticeAddress, sealNoticeAddress, sealPushSubscription } from '../notices/sealed-addresses.ts';
import { isPushKey } from '../push/push-key.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit, type AuditEvent } from '../store/audit.ts';
import { findNoticeAddress, putNoticeAddress } from '../store/notice-addresses.ts';
import { putPushSubscription, removePushSubscriptions } from '../store/push-subscriptions.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keys' | 'keyLogs' | 'outside'>;

const NO_ADDRESS: NoticeAddressBody = { phone: null, voice: false, language: 'en' };

/** Where notices reach the caller outside the app. Nobody else is ever shown it. */
export async function readNoticeAddress(needs: Needs, session: Session): Promise<NoticeAddressBody> {
  const { org, account } = session;
  requirePermission(await loadActor(needs.keyLogs, session), 'notice.address.own');
  const sealed = await needs.db.inOrg(org, (trx) => findNoticeAddress(trx, account));
  return (sealed === null ? null : openNoticeAddress(needs.keys, { org, account, sealed })) ?? NO_ADDRESS;
}

export async function writeNoticeAddress(
  needs: Needs,
  session: Session,
  address: NoticeAddressBody,
): Promise<NoticeAddressBody> {
  const { org, account } = session;
  requirePermission(await loadActor(needs.keyLogs, session), 'notice.address.own');
  const sealed = sealNoticeAddress(needs.keys, { org, account, address });
  const atMs = needs.ports.clock.nowMs();
  await needs.db.inOrg(org, async (trx) => {
    await putNoticeAddress(trx, { org, account, sealed, atMs });
    await appendAudit(trx, { org, atMs }, [eventOf(session, 'notice.address', account)]);
  });
  return address;
}

/** The key with which a browser subscribes: this server's alone may push to it then. */
export async function readPushKey(needs: Needs, session: Session): Promise<{ key: string }> {
  requirePermission(await loadActor(needs.keyLogs, session), 'push.own');
  return { key: encodeBase64Url(needs.keys.push.publicKey) };
}

/** Binds a push subscription to the session's device, in place of its last one. It ends with the device. */
export async function subscribePush(
  needs: Needs,
  session: Session,
  subscription: PushSubscriptionBody,
): Promise<void> {
  const { org, account } = session;
  requirePermission(await loadActor(needs.keyLogs, session), 'push.own');
  const device = deviceOf(session);
  if (needs.outside.pushEndpoints.judge(subscription.endpoint) === null)
    throw new ApiError('request.invalid', 'endpoint');
  if (!isPushKey(subscription.p256dh)) throw new ApiError('request.invalid', 'p256dh');
  if (decodeBase64Url(subscription.auth)?.length !== 16) throw new ApiError('request.invalid', 'auth');
  const atMs = needs.ports.clock.nowMs();
  await needs.db.inOrg(org, async (trx) => {
    await putPushSubscription(trx, {
      org,
      device,
      account,
      endpoint_hash: needs.ports.digest(encodeUtf8(subscription.endpoint)),
      sealed: sealPushSubscription(needs.keys, { org, device, subscription }),
      created_at: atMs,
    });
    await appendAudit(trx, { org, atMs }, [eventOf(session, 'push.subscribe', device)]);
  });
}

export async function unsubscribePush(needs: Needs, session: Session): Promise<void> {
  const { org, account } = session;
  requirePermission(await loadActor(needs.keyLogs, session), 'push.own');
  const device = deviceOf(session);
  const atMs = needs.ports.clock.nowMs();
  await needs.db.inOrg(org, async (trx) => {
    await removePushSubscriptions(trx, { account, device });
    await appendAudit(trx, { org, atMs }, [eventOf(session, 'push.unsubscribe', device)]);
  });
}

function deviceOf(session: Session): DeviceId {
  if (session.device === null) throw new ApiError('request.invalid', 'device');
  return session.device;
}

function eventOf(session: Session, action: string, object: string): AuditEvent {
  return { actor: session.account, session: session.session, action, object, outcome: 'ok', code: null };
}
