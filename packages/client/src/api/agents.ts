import type { AccountId, ConversationId, RoleId, TimestampMs } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import type { Person, Role } from './directory.ts';
import type { Live } from './live.ts';

export interface AgentRow {
  readonly agent: Person;
  /** null: this device has not found it, or its hash does not fit; such an agent gets no keys. */
  readonly manifest: Manifest | null;
  readonly responsible: Person | null;
  /** Conversations that I know of and that it can read. */
  readonly serves: readonly {
    readonly conversation: ConversationId;
    readonly title: string;
    readonly history: boolean;
  }[];
  /** Roles whose keyrings it keeps. */
  readonly roles: readonly Role[];
}

export interface AgentActivity {
  readonly conversations: readonly { readonly id: ConversationId; readonly title: string }[];
  readonly lastSeenAt: TimestampMs | null;
  readonly events: readonly {
    readonly at: TimestampMs;
    readonly action: string;
    readonly object: string | null;
    readonly outcome: 'ok' | 'refused' | 'failed';
  }[];
}

export interface Agents {
  readonly rows: Live<readonly AgentRow[]>;
  /** Invites an agent with this manifest; answers the link for `npm run station -- agent add`. Needs the enrolment key. */
  invite(input: {
    readonly name: string;
    readonly manifest: Omit<Manifest, 'v' | 't' | 'org' | 'version'>;
  }): Promise<{ readonly link: string }>;
  /** A new manifest from now on: a visible grant. */
  changeManifest(agent: AccountId, manifest: Omit<Manifest, 'v' | 't' | 'org' | 'version'>): Promise<void>;
  /** Lets it into a conversation within its manifest. */
  admit(
    agent: AccountId,
    conversation: ConversationId,
    options: { readonly history: boolean },
  ): Promise<void>;
  /** Takes it out of a conversation: new keys at once. */
  revoke(agent: AccountId, conversation: ConversationId): Promise<void>;
  /** Switches the duty agent on or off for a role: its keyring. */
  keepRole(agent: AccountId, role: RoleId, on: boolean): Promise<void>;
  /** Ends the agent everywhere: account deactivated, out of every conversation that this device can change. */
  end(agent: AccountId): Promise<void>;
  activity(agent: AccountId): Promise<AgentActivity>;
}
