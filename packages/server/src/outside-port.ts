import type { BatonWatch } from './notices/baton-watch.ts';
import type { PushEndpoints } from './push/push-endpoints.ts';

/** What leads out of the server: push, notices, webhooks. */
export interface Outside {
  /** Told of every event of every baton. */
  readonly watch: BatonWatch;
  readonly pushEndpoints: PushEndpoints;
  readonly loopbackWebhooks: boolean;
  /** Begins to send what is due, and what was left by whoever ran before. */
  start(): void;
  stop(): Promise<void>;
}
