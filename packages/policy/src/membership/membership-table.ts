import type { ConversationKind, EntryOp } from '@baton/wire';

// Who may change membership, as data (docs/protocol/membership.md §3). Nothing that is not listed is allowed.

/** What a member is, in the words of the table. */
export type MemberType = 'person' | 'patient' | 'outside' | 'agent' | 'team-role' | 'duty-role';

/**
 * Why an author may do something. All but the rights of `create` suppose that the author is a member, in person or through a role.
 * `holder`: any member in person. `adder`: the one who added each of the members concerned. `owner`: has the standing of an owner.
 * `open`: any member, where the conversation's policy opens invitations. `duty-agent`: an agent whose manifest says so, naming the
 * schedule record.
 */
export type Right =
  | 'staff'
  | 'clinical'
  | 'front-desk'
  | 'charge'
  | 'admin'
  | 'holder'
  | 'owner'
  | 'adder'
  | 'open'
  | 'duty-agent';

export interface KindRules {
  /** Who can be a member by `create` and `add`. Agents come by `agent-grant` only. */
  readonly members: readonly MemberType[];
  readonly size: { readonly min: number; readonly max: number };
  /** `all`: whoever joins reads what was written before. `chosen`: whoever adds decides. */
  readonly history: 'all' | 'chosen';
  readonly rights: Readonly<Partial<Record<EntryOp['op'], readonly Right[]>>>;
  /** Whether a member may leave by removing itself. */
  readonly leave: boolean;
}

const CARE: readonly Right[] = ['clinical', 'front-desk'];
const CARE_OR_ADMIN: readonly Right[] = ['clinical', 'front-desk', 'admin'];
const AGENT_GRANT: readonly Right[] = ['clinical', 'charge', 'admin'];

/** Conversations whose members are team roles. */
const teamKind = {
  size: { min: 1, max: 2000 },
  history: 'all',
  leave: false,
  rights: {
    create: CARE_OR_ADMIN,
    add: CARE,
    remove: CARE_OR_ADMIN,
    role: ['charge', 'admin'],
    policy: ['charge', 'admin'],
    'agent-grant': AGENT_GRANT,
    close: CARE_OR_ADMIN,
  },
} as const satisfies Omit<KindRules, 'members'>;

/** `rotate` is anybody's who is a member, `agent-revoke` any person's or the agent's own, `claim` the invited one's: see apply-entry. */
export const MEMBERSHIP_TABLE: Readonly<Record<ConversationKind, KindRules>> = {
  direct: {
    members: ['person'],
    size: { min: 2, max: 2 },
    history: 'all',
    leave: false,
    rights: { create: ['staff'], 'agent-grant': AGENT_GRANT },
  },
  group: {
    members: ['person', 'team-role', 'duty-role'],
    size: { min: 1, max: 2000 },
    history: 'chosen',
    leave: true,
    rights: {
      create: ['staff'],
      add: ['clinical', 'owner', 'open'],
      remove: ['adder', 'charge', 'admin'],
      role: ['owner', 'charge', 'admin'],
      policy: ['owner', 'charge', 'admin'],
      'agent-grant': AGENT_GRANT,
      close: ['owner', 'charge', 'admin'],
    },
  },
  keyring: {
    members: ['person'],
    size: { min: 1, max: 2000 },
    history: 'all',
    leave: true,
    rights: {
      create: ['admin'],
      add: ['holder', 'charge', 'admin', 'duty-agent'],
      remove: ['holder', 'charge', 'admin', 'duty-agent'],
      'agent-grant': ['admin', 'holder'],
    },
  },
  patient: {
    ...teamKind,
    members: ['team-role', 'patient'],
    // Whoever may invite a patient to the organisation may let them into their conversation: the practice's manager too.
    rights: { ...teamKind.rights, add: [...CARE, 'charge'], invite: [...CARE, 'charge'] },
  },
  sidebar: { ...teamKind, members: ['team-role'] },
  queue: { ...teamKind, members: ['team-role', 'duty-role'] },
  referral: {
    ...teamKind,
    members: ['team-role', 'outside'],
    rights: { ...teamKind.rights, invite: CARE },
  },
  collection: { ...teamKind, members: ['team-role'] },
};
