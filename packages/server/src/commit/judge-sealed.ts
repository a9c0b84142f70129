import { type Bytes, encodeBase64Url, equalBytes, type RoleId } from '@baton/kernel';
import {
  checkEscalation,
  checkSealed,
  findAccount,
  LABELS,
  type OpenedEnvelope,
  type OpenedPut,
  openEnvelope,
  openPut,
} from '@baton/ledger';
import { checkAsk, isPatientsWriting, isWithinManifest } from '@baton/policy';
import type { AgentWrite, EnvelopeHeader, EscalationParts } from '@baton/wire';
import type { Certificates } from '../access/certificates.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import type { WriteGrant } from '../access/writing.ts';
import { accept, ApiError } from '../api-error.ts';
import type { Ports } from '../ports.ts';
import type { DutyBooks } from '../duty/duty-books.ts';
import type { Manifests } from '../duty/manifests.ts';
import type { AppendRow, AskParts } from '../store/appends.ts';
import { claimBlobs } from '../store/uploads.ts';
import type { Database } from '../store/database.ts';
import { hasEntry } from '../store/items.ts';

interface Needs {
  readonly db: Database;
  readonly ports: Ports;
  readonly certificates: Certificates;
  readonly duty: DutyBooks;
  readonly manifests: Manifests;
  readonly limits: RateLimits;
}

/** What was sent: the Sealed object, and what travels beside it. */
export interface SealedItem {
  readonly bytes: Bytes;
  readonly escalation: EscalationParts | null;
}

/**
 * Everything about an envelope that does not need the conversation's lock (docs/protocol/server.md §3): shape, signature, author, role
 * acted for, attachments, and what it asks for. An old generation is no matter here: the database first looks whether the same message was committed before.
 */
export async function judgeEnvelope(needs: Needs, grant: WriteGrant, item: SealedItem): Promise<AppendRow> {
  const { bytes } = item;
  const opened = accept(openEnvelope(needs.ports.digest, bytes));
  await checkAuthorship(needs, grant, opened, LABELS.envelope);
  const { header } = opened;
  if (grant.state.kind === 'collection' || grant.state.kind === 'keyring')
    throw new ApiError('policy.kind', 'k');
  await judgeManifest(needs, grant, header.class.kind);
  if (header.as !== null && !isHeld(grant, header.as)) throw new ApiError('policy.forbidden', 'h.as');
  if (header.blobs.length > 0) {
    const { org, conv, id: message, blobs } = header;
    const claim = { org, conv, message, blobs, atMs: needs.ports.clock.nowMs() };
    const areThere = await needs.db.inOrg(org, (trx) => claimBlobs(trx, claim));
    if (!areThere) throw new ApiError('request.invalid', 'h.blobs');
  }
  const ask = await judgeAsk(needs, grant, { header, parts: item.escalation });
  return { ...rowOf(grant, opened, bytes), kind: 'envelope', id: header.id, put: null, ask };
}

/** The ladder's boxes and the owners, by the organisation as this process knows it; before a refusal, as it is now. */
async function judgeAsk(
  needs: Needs,
  { session, keyLog }: WriteGrant,
  { header, parts }: { readonly header: EnvelopeHeader; readonly parts: EscalationParts | null },
): Promise<AskParts | null> {
  accept(checkEscalation(needs.ports.digest, header, parts));
  if (header.class.contract === 'fyi') {
    const { to, withinMs } = header.class;
    if (to.length > 0 || withinMs !== null || parts !== null)
      throw new ApiError('request.invalid', 'h.class');
    return null;
  }
  const known = await needs.duty.get(header.org);
  const kind = findAccount(keyLog, session.account)?.kind ?? 'user';
  // Each of them calls people, at night too.
  if (kind === 'patient') await needs.limits.spendOwn('patient-ask', session.account);
  const asker = { kind, atMs: needs.ports.clock.nowMs() };
  const judged = checkAsk(header, known.facts, asker);
  if (!judged.ok) {
    const newest = await needs.duty.refresh(header.org);
    accept(newest === known ? judged : checkAsk(header, newest.facts, asker));
  }
  const { escalation } = header;
  if (escalation === null || parts === null) {
    if (kind === 'user') throw new ApiError('baton.escalation', 'h.escalation');
    // Nobody could be boxed to: whoever is reached gets a late box from a member's device.
    return { context: new Uint8Array(), boxes: [] };
  }
  return {
    context: parts.context,
    boxes: escalation.boxes.map(({ to, g }, index) => ({
      to,
      g,
      body: parts.boxes[index] ?? new Uint8Array(),
    })),
  };
}

/** As `judgeEnvelope`, for a put; whether it follows the newest of its key is compared in the database. */
export async function judgePut(needs: Needs, grant: WriteGrant, item: SealedItem): Promise<AppendRow> {
  const { bytes } = item;
  if (item.escalation !== null) throw new ApiError('request.invalid', 'escalation');
  const opened = accept(openPut(needs.ports.digest, bytes));
  await checkAuthorship(needs, grant, opened, LABELS.put);
  if (grant.state.kind !== 'collection') throw new ApiError('policy.kind', 'k');
  await judgeManifest(needs, grant, 'put');
  const { key, version, prev } = opened.header;
  if (version < 1 || (version === 1) !== (prev === null)) throw new ApiError('ledger.bad_chain', 'h.version');
  return {
    ...rowOf(grant, opened, bytes),
    kind: 'put',
    id: encodeBase64Url(opened.hash),
    put: { key: encodeBase64Url(key), version, prev: prev === null ? null : encodeBase64Url(prev) },
    ask: null,
  };
}

async function checkAuthorship(
  needs: Needs,
  grant: WriteGrant,
  opened: OpenedEnvelope | OpenedPut,
  label: typeof LABELS.envelope | typeof LABELS.put,
): Promise<void> {
  const { header } = opened;
  const { session, keyLog, state } = grant;
  if (header.org !== session.org) throw new ApiError('ledger.wrong_purpose', 'h.org');
  if (header.conv !== state.conv) throw new ApiError('ledger.wrong_purpose', 'h.conv');
  if (header.author !== session.account) throw new ApiError('ledger.wrong_purpose', 'h.author');
  const certificate = await needs.certificates.current({ org: session.org, keyLog }, header.dk);
  const { digest, verify } = needs.ports;
  accept(await checkSealed(opened, { digest, verify, certificate }, label));
  if (state.closed !== null) throw new ApiError('policy.closed', 'conv');
  if (header.gen === state.gen) await checkLogHead(needs, grant, header);
}

/** The membership entry that the author wrote by must be one of this conversation's: another one is a fork (docs/protocol §4). */
async function checkLogHead(
  needs: Needs,
  { state, session }: WriteGrant,
  header: { readonly logN: number; readonly logHead: Bytes },
): Promise<void> {
  if (header.logN === state.n) {
    if (!equalBytes(header.logHead, state.head)) throw new ApiError('ledger.fork', 'h.logHead');
    return;
  }
  if (header.logN > state.n) throw new ApiError('ledger.bad_chain', 'h.logN');
  const known = await needs.db.inOrg(session.org, (trx) =>
    hasEntry(trx, state.conv, encodeBase64Url(header.logHead)),
  );
  if (!known) throw new ApiError('ledger.fork', 'h.logHead');
}

/** An agent writes what its newest manifest lists (docs/protocol/agents.md §1), a patient what the policy does. */
async function judgeManifest(needs: Needs, grant: WriteGrant, kind: AgentWrite): Promise<void> {
  const { session, keyLog, state } = grant;
  if (!isPatientsWriting({ keyLog, author: session.account, kind }))
    throw new ApiError('policy.forbidden', 'h.class.kind');
  if (findAccount(keyLog, session.account)?.kind !== 'agent') return;
  const manifests = await needs.manifests.of(session.org, keyLog);
  const writing = { keyLog, author: session.account, manifests, conversationKind: state.kind, kind };
  if (!isWithinManifest(writing)) throw new ApiError('policy.manifest', 'h.class.kind');
}

function isHeld(grant: WriteGrant, role: RoleId): boolean {
  return grant.held.some((held) => held.role === role);
}

function rowOf(
  grant: WriteGrant,
  opened: OpenedEnvelope | OpenedPut,
  body: Bytes,
): Omit<AppendRow, 'kind' | 'id' | 'put' | 'ask'> {
  const { session, state, keyring } = grant;
  return {
    conv: state.conv,
    body,
    gen: opened.header.gen,
    logN: state.n,
    keyring,
    account: session.account,
    session: session.session,
  };
}
