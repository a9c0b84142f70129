import { decodeBase64Url } from '@baton/kernel';
import { type PushSubscriptionBody, pushSubscriptionBody } from '@baton/wire';

/** `blocked`: the person or the browser has refused notifications; only its settings change that. */
export type DevicePushState = 'on' | 'off' | 'blocked' | 'unsupported';

/** Notices of this browser: web push while the app is closed, the operating system's own while it is in the background. */
export interface DevicePush {
  state(): Promise<DevicePushState>;
  /** Asks for permission and subscribes; null where the person refused. Rejects where the browser has no push service. */
  subscribe(input: { readonly key: string; readonly language: string }): Promise<PushSubscriptionBody | null>;
  unsubscribe(): Promise<void>;
  /** Shows a notice that says only how urgent it is. Does nothing without permission. */
  show(notice: { readonly title: string; readonly body: string; readonly urgent: boolean }): Promise<void>;
  /** A notice was pressed: the app should show my batons. */
  onOpen(listener: () => void): () => void;
}

const WORKER = '/service-worker.js';

export function createDevicePush(): DevicePush {
  const isSupported =
    'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;
  const registered = async (): Promise<ServiceWorkerRegistration | null> =>
    isSupported ? ((await navigator.serviceWorker.getRegistration('/')) ?? null) : null;
  return {
    async state() {
      if (!isSupported) return 'unsupported';
      if (Notification.permission === 'denied') return 'blocked';
      const registration = await registered();
      const subscription = (await registration?.pushManager.getSubscription()) ?? null;
      return subscription === null || Notification.permission !== 'granted' ? 'off' : 'on';
    },
    async subscribe({ key, language }) {
      if (!isSupported || (await Notification.requestPermission()) !== 'granted') return null;
      await navigator.serviceWorker.register(`${WORKER}?language=${encodeURIComponent(language)}`);
      const registration = await navigator.serviceWorker.ready;
      const bytes = decodeBase64Url(key);
      if (bytes === null) throw new TypeError('the push key of the server is not well-formed');
      const applicationServerKey = new Uint8Array(bytes);
      const old = await registration.pushManager.getSubscription();
      const subscription =
        old !== null && hasKey(old, applicationServerKey)
          ? old
          : (await old?.unsubscribe(),
            await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
      return readSubscription(subscription);
    },
    async unsubscribe() {
      const registration = await registered();
      await (await registration?.pushManager.getSubscription())?.unsubscribe();
    },
    async show({ title, body, urgent }) {
      if (!isSupported || Notification.permission !== 'granted') return;
      const registration = await registered();
      await registration?.showNotification(title, {
        body,
        icon: '/icon.svg',
        tag: urgent ? 'baton-stat' : 'baton',
        requireInteraction: urgent,
      });
    },
    onOpen(listener) {
      if (!isSupported) return () => undefined;
      const hear = (event: MessageEvent): void => {
        if ((event.data as { t?: unknown } | null)?.t === 'open-batons') listener();
      };
      navigator.serviceWorker.addEventListener('message', hear);
      return () => navigator.serviceWorker.removeEventListener('message', hear);
    },
  };
}

/** A server that was set up anew has another key; the old subscription would be refused by the push service. */
function hasKey(subscription: PushSubscription, key: Uint8Array): boolean {
  const own = subscription.options.applicationServerKey;
  if (own === null) return false;
  const bytes = new Uint8Array(own);
  return bytes.length === key.length && bytes.every((byte, at) => byte === key[at]);
}

function readSubscription(subscription: PushSubscription): PushSubscriptionBody {
  const { endpoint, keys } = subscription.toJSON();
  return pushSubscriptionBody.parse({ endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'] });
}
