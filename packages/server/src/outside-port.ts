import type { OrgId } from '@baton/kernel';
import type { BatonWatch } from './notices/baton-watch.ts';
import type { PushEndpoints } from './push/push-endpoints.ts';

/** What leads out of the server: push, notices, webhooks. */
export interface Outside {
  /** Told of every event of every baton. */
  readonly watch: BatonWatch;
  readonly pushEndpoints: PushEndpoints;
  readonly loopbackWebhooks: boolean;
  /** What the watch was told of the organisation is committed now. */
  committed(org: OrgId): void;
  /** Begins to send what is due, and what was left by whoever ran before. */
  start(): void;
  stop(): Promise<void>;
}
