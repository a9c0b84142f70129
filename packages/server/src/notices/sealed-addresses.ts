import { type Bytes, decodeUtf8, encodeUtf8 } from '@baton/kernel';
import {
  type NoticeAddressBody,
  noticeAddressBody,
  type PushSubscriptionBody,
  pushSubscriptionBody,
} from '@baton/wire';
import type { ServerKeys } from '../adapters/server-keys.ts';

// Telephone numbers and push endpoints lie in the database under the server's at-rest key, bound to whose they are.

type Keys = Pick<ServerKeys, 'sealAtRest' | 'openAtRest'>;

export function sealNoticeAddress(
  keys: Keys,
  what: { org: string; account: string; address: NoticeAddressBody },
): Bytes {
  return keys.sealAtRest(encodeUtf8(JSON.stringify(what.address)), addressContext(what));
}

/** null where the bytes are not this account's address. */
export function openNoticeAddress(
  keys: Keys,
  what: { org: string; account: string; sealed: Bytes },
): NoticeAddressBody | null {
  const opened = keys.openAtRest(what.sealed, addressContext(what));
  if (opened === null) return null;
  return noticeAddressBody.safeParse(jsonOf(opened)).data ?? null;
}

export function sealPushSubscription(
  keys: Keys,
  what: { org: string; device: string; subscription: PushSubscriptionBody },
): Bytes {
  return keys.sealAtRest(encodeUtf8(JSON.stringify(what.subscription)), pushContext(what));
}

/** null where the bytes are not this device's subscription. */
export function openPushSubscription(
  keys: Keys,
  what: { org: string; device: string; sealed: Bytes },
): PushSubscriptionBody | null {
  const opened = keys.openAtRest(what.sealed, pushContext(what));
  if (opened === null) return null;
  return pushSubscriptionBody.safeParse(jsonOf(opened)).data ?? null;
}

function addressContext({ org, account }: { org: string; account: string }): string {
  return `notice-address:${org}:${account}`;
}

function pushContext({ org, device }: { org: string; device: string }): string {
  return `push-subscription:${org}:${device}`;
}

function jsonOf(bytes: Bytes): unknown {
  const text = decodeUtf8(bytes);
  return text === null ? null : (JSON.parse(text) as unknown);
}
