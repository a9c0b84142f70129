import type { PushSubscriptionBody } from '@baton/wire';

/** Where notices outside the app reach me. */
export interface NoticeAddress {
  /** E.164; null: nowhere. */
  readonly phone: string | null;
  /** By a call instead of a text. */
  readonly voice: boolean;
}

/** Notices without patient data: a text or a call, and this device's push subscription (docs/protocol/batons.md §6). */
export interface Notices {
  address(): Promise<NoticeAddress>;
  setAddress(address: NoticeAddress): Promise<NoticeAddress>;
  /** The server's VAPID key in base64url, to subscribe with. */
  pushKey(): Promise<string>;
  subscribePush(subscription: PushSubscriptionBody): Promise<void>;
  unsubscribePush(): Promise<void>;
}
