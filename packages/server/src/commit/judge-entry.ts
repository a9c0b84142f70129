import { type Bytes, type ConversationId, encodeBase64Url, isId, type RoleId } from '@baton/kernel';
import {
  checkBoxes,
  checkClaimProof,
  checkEntrySignature,
  type CheckedEntry,
  findAccount,
  findRole,
  findRoleOfKeyring,
  type KeyLogState,
  keyLogSize,
  openEntry,
} from '@baton/ledger';
import {
  acceptEntry,
  authorOf,
  type ConversationState,
  isRotationUrgent,
  needsRotate,
  viewKeyLog,
} from '@baton/policy';
import { CUSTODIAN } from '@baton/wire';
import type { Certificates } from '../access/certificates.ts';
import type { Session } from '../access/sessions.ts';
import { accept, ApiError } from '../api-error.ts';
import type { DutyBooks } from '../duty/duty-books.ts';
import type { Manifests } from '../duty/manifests.ts';
import type { Ports } from '../ports.ts';
import type { ConversationCache } from './conversation-cache.ts';
import type { JudgedEntry } from './committer.ts';
import { encodeState } from './state-codec.ts';

interface Needs {
  readonly ports: Ports;
  readonly certificates: Certificates;
  readonly conversations: ConversationCache;
  readonly duty: DutyBooks;
  readonly manifests: Manifests;
}

export interface EntryProposal {
  readonly session: Session;
  readonly keyLog: KeyLogState;
  /** null: the entry makes the conversation. */
  readonly state: ConversationState | null;
  readonly conv: ConversationId;
  readonly bytes: Bytes;
  readonly boxes: readonly Bytes[];
}

/**
 * Everything about a membership entry but its place in the log, which the database compares: signature, boxes, and the same pure rules that
 * clients run, by the key log that the author saw and by ours (docs/protocol §3).
 */
export async function judgeEntry(needs: Needs, proposal: EntryProposal): Promise<JudgedEntry> {
  const { ports, conversations } = needs;
  const { session, keyLog, state, conv, bytes } = proposal;
  const { entry, hash } = await checkAuthorship(needs, proposal);
  if (entry.op.op === 'create') checkKeyring(keyLog, conv, entry.op);
  const roles = rolesOf(state, entry.op);
  const holder = { org: session.org, keyLog, account: session.account, roles };
  const heldThen = await conversations.heldAmong({ ...holder, size: entry.keylog.size });
  const heldNow = await conversations.heldAmong(holder);
  const manifests = await needs.manifests.of(session.org, keyLog);
  // An agent's reason is a record, which may be as new as the entry.
  const isAgent = findAccount(keyLog, session.account)?.kind === 'agent';
  const { records } = await (isAgent ? needs.duty.refresh(session.org) : needs.duty.get(session.org));
  const viewThen = viewKeyLog(keyLog, { size: entry.keylog.size, manifests, records });
  const viewNow = viewKeyLog(keyLog, { manifests, records });
  const next = accept(
    acceptEntry(
      {
        state,
        entry,
        entryHash: hash,
        author: authorOf(
          viewThen,
          session.account,
          heldThen.map(({ role }) => role),
        ),
        view: viewThen,
      },
      {
        author: authorOf(
          viewNow,
          session.account,
          heldNow.map(({ role }) => role),
        ),
        view: viewNow,
      },
    ),
  );
  const invitation = state?.members.get(entry.author)?.invitation ?? null;
  if (entry.op.op === 'claim' && invitation !== null)
    accept(await checkClaimProof(ports, entry, invitation.sigPub));
  accept(checkBoxes(ports.digest, entry, proposal.boxes));
  const facts = { view: viewNow, nowMs: ports.clock.nowMs(), messagesInGeneration: 0 };
  const via = state?.members.has(session.account) === false ? heldNow[0]?.keyring : undefined;
  return {
    keyLogSize: keyLogSize(keyLog),
    onCommitted: () => conversations.advance(next),
    append: {
      conv,
      n: entry.n,
      prev: entry.prev,
      hash,
      id: encodeBase64Url(hash),
      body: bytes,
      gen: entry.gen,
      kind: next.kind,
      closed: next.closed !== null,
      needsRotate: isRotationUrgent(needsRotate(next, facts)),
      state: encodeState(next),
      keyring: via === undefined ? null : { conv: via.conv, n: via.n },
      account: session.account,
      session: session.session,
      action: `conversation.${entry.op.op}`,
      members: [...next.members.keys()],
      boxes: entry.recipients.map(({ m }, index) => ({
        recipient: m,
        body: proposal.boxes[index] ?? new Uint8Array(),
      })),
    },
  };
}

async function checkAuthorship(needs: Needs, proposal: EntryProposal): Promise<CheckedEntry> {
  const { ports, certificates } = needs;
  const { session, keyLog, conv, bytes } = proposal;
  const { body: claimed } = accept(openEntry(ports.digest, bytes));
  if (claimed.org !== session.org) throw new ApiError('ledger.wrong_purpose', 'org');
  if (claimed.conv !== conv) throw new ApiError('ledger.wrong_purpose', 'conv');
  if (claimed.author !== session.account) throw new ApiError('ledger.wrong_purpose', 'author');
  const certificate = await certificates.signed(session.org, claimed.dk);
  if (certificate === null) throw new ApiError('ledger.unknown_signer', 'dk');
  return accept(
    await checkEntrySignature(keyLog, bytes, {
      verify: ports.verify,
      certificate,
      asOf: 'newest',
      atMs: ports.clock.nowMs(),
    }),
  );
}

/** A keyring is made for the role whose statement names it, and for no other. */
function checkKeyring(
  keyLog: KeyLogState,
  conv: ConversationId,
  op: { readonly kind: string; readonly role: RoleId | null },
): void {
  const owner = findRoleOfKeyring(keyLog, conv);
  if (owner !== op.role && (owner !== null || op.kind === 'keyring'))
    throw new ApiError('policy.kind', 'role');
  if (op.role !== null && findRole(keyLog, op.role)?.active !== true)
    throw new ApiError('policy.kind', 'role');
}

function rolesOf(state: ConversationState | null, op: object): RoleId[] {
  const named = 'members' in op && state === null ? (op.members as readonly { readonly m: string }[]) : [];
  const members = state === null ? named.map(({ m }) => m) : [...state.members.keys()];
  return members.filter((member): member is RoleId => member !== CUSTODIAN && isId('role', member));
}
