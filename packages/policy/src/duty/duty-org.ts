import type { AccountId, ConversationId, RoleId } from '@baton/kernel';
import type { ConversationKind } from '@baton/wire';
import type { MembershipView } from '../membership/membership-view.ts';

/** A role as the key log defines it. */
export interface RoleListing {
  readonly role: RoleId;
  readonly name: string;
  readonly unit: string | null;
  readonly active: boolean;
  readonly keyring: ConversationId;
}

/** The organisation beside its records: key log and keyrings, as far as the caller has verified them. */
export interface DutyOrg {
  readonly view: MembershipView;
  roles(): readonly RoleListing[];
  /** Members of the role's keyring in person, agents among them. */
  keyringMembers(role: RoleId): readonly AccountId[];
  accounts(): readonly AccountId[];
  /**
   * A conversation, as far as the caller knows it; null (and left out: always) where it does not: whoever was reached by a ladder alone has no
   * membership log.
   */
  conversation?(conv: ConversationId): DutyConversation | null;
}

export interface DutyConversation {
  readonly kind: ConversationKind;
  /** Now, or at some time before: what somebody did who has left since stays done. */
  hasMember(account: AccountId): boolean;
}

/** A person of the organisation, active: no agent, no patient. */
export function isActivePerson(org: DutyOrg, account: AccountId): boolean {
  const facts = org.view.account(account);
  return facts?.active === true && facts.kind === 'user';
}
