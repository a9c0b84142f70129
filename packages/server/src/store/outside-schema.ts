import type { Generated } from 'kysely';

// Row shapes of what leads out of the server: attempts to reach somebody, push, notices, outside systems.

export type AttemptChannel = 'socket' | 'push' | 'text';
/** `none`: there was no way to try (no subscription, no address, no channel). */
export type AttemptState = 'due' | 'sending' | 'sent' | 'confirmed' | 'cancelled' | 'failed' | 'none';
export interface AttemptRow {
  org: string;
  baton: string;
  n: number;
  account: string;
  channel: AttemptChannel;
  contract: 'reply' | 'talk' | 'stat';
  addressed: string;
  opener: string;
  unit: string | null;
  state: AttemptState;
  due_at: number;
  begun_at: number | null;
  ended_at: number | null;
  tries: Generated<number>;
  repeated: Generated<boolean>;
  outcome: string | null;
}
export interface NoticeAddressRow {
  org: string;
  account: string;
  sealed: Uint8Array;
  changed_at: number;
}
export interface PushSubscriptionRow {
  org: string;
  device: string;
  account: string;
  endpoint_hash: Uint8Array;
  sealed: Uint8Array;
  created_at: number;
}
export interface IntegrationRow {
  org: string;
  integration: string;
  name: string;
  token_hash: Uint8Array;
  webhook: string | null;
  secret_sealed: Uint8Array;
  created_at: number;
  last_used_at: number | null;
  last_failure: string | null;
  ended_at: number | null;
}
export interface WebhookDeliveryRow {
  org: string;
  integration: string;
  baton: string;
  n: number;
  message: string;
  body: string;
  state: 'due' | 'sending' | 'sent' | 'failed';
  created_at: number;
  due_at: number;
  ended_at: number | null;
  tries: Generated<number>;
  outcome: string | null;
}

export interface OutsideSchema {
  attempts: AttemptRow;
  notice_addresses: NoticeAddressRow;
  push_subscriptions: PushSubscriptionRow;
  integrations: IntegrationRow;
  webhook_deliveries: WebhookDeliveryRow;
}
