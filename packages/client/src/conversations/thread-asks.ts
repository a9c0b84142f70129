import type { Bytes, ConversationId, MessageId, OwnerId, RoleId } from '@baton/kernel';
import type { AskDefaults, Baton, Owner } from '../api/batons.ts';

/** What a thread shows and offers of batons. */
export interface ThreadAsks {
  /** By owner, as in the message's header. */
  batonsOf(message: MessageId): readonly Baton[];
  owner(id: OwnerId): Owner | null;
  /** Holds the role or is in charge of it: may hand it to whoever asks. */
  canGive(role: RoleId): boolean;
  /** Who answers for an agent, by its manifest; null where the manifest is not here. */
  responsibleFor(manifest: Bytes): string | null;
  defaultsIn(conv: ConversationId): AskDefaults;
}
