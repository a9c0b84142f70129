import {
  type Bytes,
  type ConversationId,
  type MemberId,
  ok,
  type Result,
  type RoleId,
  type TimestampMs,
} from '@baton/kernel';
import { checkEntryChain } from '@baton/ledger';
import type { Entry, EntryOp, RecipientId } from '@baton/wire';
import { deny, type PolicyError } from '../policy-error.ts';
import { type EntryAuthor, isAuthorAmong } from './author-rights.ts';
import type { ConversationState, PastMembership } from './conversation-state.ts';
import { changeMembers, createMembers, type MemberChange, type Proposal } from './member-changes.ts';
import type { MembershipView } from './membership-view.ts';
import {
  checkRecipients,
  generationNeedOf,
  type RequiredRecipient,
  requiredRecipients,
} from './required-recipients.ts';

export interface ApplyInput {
  /** null before the `create` entry. */
  readonly state: ConversationState | null;
  readonly entry: Entry;
  /** Object hash of the entry (ledger `checkEntrySignature`). */
  readonly entryHash: Bytes;
  readonly author: EntryAuthor;
  /** The organisation at the key-log size that the entry names. */
  readonly view: MembershipView;
}

/**
 * The next state of a conversation, or why the entry is not allowed. Server and clients run this same function; it reads no clock and
 * no store. The entry's signature and boxes are checked before, by ledger. `conflict.head` says that another entry has this position.
 */
export function applyEntry(input: ApplyInput): Result<ConversationState, PolicyError> {
  const { state, entry, entryHash, author, view } = input;
  if (author.account !== entry.author) return deny('policy.forbidden', 'author');
  const chain = checkPosition(state, entry);
  if (!chain.ok) return chain;
  const { conv, op, gen, ts, as } = entry;
  const proposal: Proposal = { conv, op, gen, ts, author, as, view };
  const change = deriveChange(state, proposal);
  if (!change.ok) return change;
  const makesGeneration = gen !== (state?.gen ?? 0);
  const required = requiredRecipients(change.value, view, makesGeneration);
  if (!required.ok) return required;
  const recipients = checkRecipients(entry, required.value);
  if (!recipients.ok) return recipients;
  return ok(nextState({ state, entry, entryHash, author }, change.value));
}

/**
 * As `applyEntry`, for accepting a new entry: it must hold by the key log that its author saw, as every later reader will judge it, and by
 * the newest one, so that nothing is sealed to a key or allowed to an account that has ended since.
 */
export function acceptEntry(
  input: ApplyInput,
  newest: { readonly author: EntryAuthor; readonly view: MembershipView },
): Result<ConversationState, PolicyError> {
  const now = applyEntry({ ...input, ...newest });
  return now.ok ? applyEntry(input) : now;
}

export interface PlanInput {
  readonly state: ConversationState | null;
  readonly conv: ConversationId;
  readonly op: EntryOp;
  readonly author: EntryAuthor;
  readonly as: RoleId | null;
  readonly ts: TimestampMs;
  readonly view: MembershipView;
  /** Make a new generation where the operation leaves the choice; the default keeps the current one. */
  readonly freshKeys?: boolean;
}

export interface EntryPlan {
  readonly gen: number;
  /** Whether keys of a new generation are made (and linked to the one before). */
  readonly makesGeneration: boolean;
  readonly recipients: readonly RequiredRecipient[];
}

/** What an entry with this operation must look like to be accepted, or why it cannot be. For whoever builds one. */
export function planEntry(input: PlanInput): Result<EntryPlan, PolicyError> {
  const { state, conv, op, author, as, ts, view } = input;
  const closed = checkOpen(state, op);
  if (!closed.ok) return closed;
  const need = generationNeedOf(op);
  const makesGeneration = need === 'new' || (need === 'either' && input.freshKeys === true);
  const gen = (state?.gen ?? 0) + (makesGeneration ? 1 : 0);
  const change = deriveChange(state, { conv, op, gen, ts, author, as, view });
  if (!change.ok) return change;
  const recipients = requiredRecipients(change.value, view, makesGeneration);
  return recipients.ok ? ok({ gen, makesGeneration, recipients: recipients.value }) : recipients;
}

function deriveChange(
  state: ConversationState | null,
  proposal: Proposal,
): Result<MemberChange, PolicyError> {
  if (state !== null) return changeMembers(state, proposal);
  const { op } = proposal;
  return op.op === 'create' ? createMembers({ ...proposal, op }) : deny('policy.kind', 'op');
}

/** Position, predecessor, generation step and whether the conversation still takes changes. */
function checkPosition(state: ConversationState | null, entry: Entry): Result<null, PolicyError> {
  if (state !== null) {
    if (entry.conv !== state.conv || entry.org !== state.org) return deny('ledger.wrong_purpose', 'conv');
    // Compare-and-set: whoever comes second for a position builds on the winner and tries again.
    if (entry.n !== state.n + 1) return deny('conflict.head', 'n');
  }
  const head = state === null ? null : { ...state, hash: state.head };
  const chain = checkEntryChain(entry, head);
  if (!chain.ok) {
    const { code, at } = chain.error;
    if (at === 'gen' || at === 'link') return deny('policy.generation', at);
    return deny(code.startsWith('ledger.') ? (code as PolicyError['code']) : 'ledger.bad_chain', at);
  }
  const need = generationNeedOf(entry.op);
  const makesGeneration = entry.gen !== (state?.gen ?? 0);
  if ((need === 'new' && !makesGeneration) || (need === 'keep' && makesGeneration))
    return deny('policy.generation', 'gen');
  return checkOpen(state, entry.op);
}

const ALLOWED_WHEN_CLOSED: ReadonlySet<EntryOp['op']> = new Set(['remove', 'rotate', 'agent-revoke']);

/** A closed conversation can still be read, so it still loses members; it gains none. */
function checkOpen(state: ConversationState | null, op: EntryOp): Result<null, PolicyError> {
  const isShut = state !== null && state.closed !== null && !ALLOWED_WHEN_CLOSED.has(op.op);
  return isShut ? deny('policy.closed', 'op') : ok(null);
}

function nextState(input: Omit<ApplyInput, 'view'>, change: MemberChange): ConversationState {
  const { state, entry, entryHash, author } = input;
  const { op, gen } = entry;
  const makesGeneration = gen !== (state?.gen ?? 0);
  const boxes = entry.recipients.map(({ m, g }) => [m, g] as const);
  const boxed = new Map<RecipientId, number>(makesGeneration ? boxes : [...(state?.boxed ?? []), ...boxes]);
  // One who leaves makes the others' next keys and so knows them; an invitation's link may still lie in a text message.
  const outsiderHoldsKey = makesGeneration
    ? !isAuthorAmong(author, change.members)
    : op.op === 'claim' || state?.outsiderHoldsKey === true;
  return {
    org: entry.org,
    conv: entry.conv,
    kind: op.op === 'create' ? op.kind : (state?.kind ?? 'group'),
    role: op.op === 'create' ? op.role : (state?.role ?? null),
    parent: op.op === 'create' ? op.parent : (state?.parent ?? null),
    n: entry.n,
    head: entryHash,
    gen,
    generations: makesGeneration ? [...(state?.generations ?? []), entryHash] : (state?.generations ?? []),
    keylogSize: entry.keylog.size,
    members: change.members,
    past: recordLeavers(state, change, gen),
    boxed,
    rotated:
      makesGeneration || state === null ? { ts: entry.ts, keylogSize: entry.keylog.size } : state.rotated,
    outsiderHoldsKey,
    closed: op.op === 'close' ? op.reason : (state?.closed ?? null),
    policy:
      op.op === 'policy'
        ? { retentionDays: op.retentionDays, openInvite: op.openInvite }
        : (state?.policy ?? { retentionDays: null, openInvite: false }),
  };
}

function recordLeavers(
  state: ConversationState | null,
  change: MemberChange,
  gen: number,
): ReadonlyMap<MemberId, readonly PastMembership[]> {
  const left = [...(state?.members ?? [])].filter(([m]) => !change.members.has(m));
  if (state === null || left.length === 0) return state?.past ?? new Map();
  const past = new Map(state.past);
  for (const [m, { since }] of left) past.set(m, [...(past.get(m) ?? []), { since, until: gen }]);
  return past;
}
