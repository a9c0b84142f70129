import type { ConversationId } from '@baton/kernel';
import type { Vault } from '@baton/wire';
import type { Identity } from '../identity/identity.ts';
import type { Platform, Profile } from '../ports/platform.ts';
import type { Rest } from '../rest/rest.ts';
import type { Connection } from '../sync/connection.ts';
import type { ProfileSecrets } from '../vault/profile-secrets.ts';

export interface SessionInput {
  readonly platform: Platform;
  readonly rest: Rest;
  readonly profile: Profile;
  readonly secrets: ProfileSecrets;
  readonly vault: Vault;
  readonly identity: Identity;
}

/** What happens in one part and concerns others. The session wires it. */
export interface SessionEvents {
  keyLogChanged(): void;
  /** Who holds a role may be another than before. */
  holdersChanged(): void;
  membershipChanged(conv: ConversationId): void;
  conversationChanged(conv: ConversationId): void;
  outboxChanged(conv: ConversationId): void;
  /** Records were taken up: who is on duty, or what a ladder is, may be another. */
  recordsChanged(): void;
  vaultChanged(): void;
  caughtUp(): void;
  failed(error: unknown): void;
}

export interface PartsPorts extends SessionInput {
  readonly events: SessionEvents;
  readonly connection: () => Connection;
  readonly identityNow: () => Identity;
  readonly cursor: { read(): number; save(batch: number): Promise<void> };
}
