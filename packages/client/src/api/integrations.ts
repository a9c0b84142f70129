import type { IntegrationId } from '@baton/kernel';
import type { IntegrationBody } from '@baton/wire';

/** A new integration. Token and signing secret are shown once: the server keeps only what it needs to check and to sign. */
export interface MadeIntegration {
  readonly integration: IntegrationBody;
  readonly token: string;
  readonly webhookSecret: string;
}

/** Outside systems with a token of their own (docs/protocol/batons.md §7). For administrators. */
export interface Integrations {
  list(): Promise<readonly IntegrationBody[]>;
  /** `webhook` null: the system asks by itself how its batons ended. */
  create(input: { readonly name: string; readonly webhook: string | null }): Promise<MadeIntegration>;
  /** Its token ends at once and nothing is posted any more; batons that it opened stay. */
  remove(integration: IntegrationId): Promise<void>;
}
