import { type Bytes, encodeBase64Url, encodeUtf8, type Rng } from '@baton/kernel';
import type { PushSubscriptionBody } from '@baton/wire';
import webPush from 'web-push';
import type { Outbound } from '../adapters/outbound.ts';
import type { PushEndpoints } from './push-endpoints.ts';

/** All that a push says: that there is something, and how urgent it is. The operating system keeps it (threat T16). */
export interface PushNotice {
  readonly kind: 'reply' | 'talk' | 'stat';
}

/** `gone`: the push service will never deliver to it again. */
export type PushOutcome = 'sent' | 'gone' | 'refused' | 'failed';

export interface WebPush {
  send(subscription: PushSubscriptionBody, notice: PushNotice): Promise<PushOutcome>;
}

/** Held by the push service for a device that is away; after that the other ways have been taken. */
const TIME_TO_LIVE_SECONDS = 3600;
const TAG_BYTES = 12;
/** All payloads have this length, so that the length says nothing either. */
const PAYLOAD_BYTES = 64;

/** The bytes that are sealed to the browser: `{"v":1,"kind":…,"tag":…}` and spaces. The tag is random (threat T17). */
function pushPayload(notice: PushNotice, rng: Rng): Bytes {
  const tag = encodeBase64Url(rng.bytes(TAG_BYTES));
  return encodeUtf8(JSON.stringify({ v: 1, kind: notice.kind, tag }).padEnd(PAYLOAD_BYTES));
}

/** Web push by RFC 8030, sealed by RFC 8291, signed by RFC 8292. */
export function createWebPush(needs: {
  readonly outbound: Outbound;
  readonly endpoints: PushEndpoints;
  readonly rng: Rng;
  readonly keys: { readonly publicKey: Bytes; readonly privateKey: Bytes };
  /** Where the push service finds whom to talk to: an https or mailto address. */
  readonly subject: string;
}): WebPush {
  const { outbound, endpoints, rng, keys, subject } = needs;
  const vapidDetails = {
    subject,
    publicKey: encodeBase64Url(keys.publicKey),
    privateKey: encodeBase64Url(keys.privateKey),
  };
  return {
    async send(subscription, notice) {
      const endpoint = endpoints.judge(subscription.endpoint);
      if (endpoint === null) return 'refused';
      const { p256dh, auth } = subscription;
      const { headers, body } = webPush.generateRequestDetails(
        { endpoint: subscription.endpoint, keys: { p256dh, auth } },
        Buffer.from(pushPayload(notice, rng)),
        { vapidDetails, TTL: TIME_TO_LIVE_SECONDS, urgency: 'high', contentEncoding: 'aes128gcm' },
      );
      const result = await outbound.post({
        url: subscription.endpoint,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        body: new Uint8Array(body ?? []),
        trusted: endpoint.trusted,
        plainLoopback: false,
      });
      if (!result.ok) return result.failure === 'refused' ? 'refused' : 'failed';
      if (result.status >= 200 && result.status < 300) return 'sent';
      return result.status === 404 || result.status === 410 ? 'gone' : 'failed';
    },
  };
}

/** The contact that VAPID asks for: the server's own address where it has one that others can reach. */
export function pushSubject(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? publicUrl : 'mailto:operator@localhost';
}
