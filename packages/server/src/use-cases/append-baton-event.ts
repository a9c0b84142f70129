import { type BatonId, type Bytes, type ConversationId, equalBytes } from '@baton/kernel';
import { checkBatonEvent, type OpenedSigned, openBatonEvent, openEnvelope } from '@baton/ledger';
import {
  applyBatonEvent,
  type BatonFacts,
  type BatonState,
  createBatonFacts,
  isSettling,
  judgeBatonEvent,
  viewKeyLog,
} from '@baton/policy';
import { type BatonAnswer, type BatonEvent, escalationBoxCodec, type Manifest } from '@baton/wire';
import { actorOf, loadActor, requirePermission } from '../access/actor.ts';
import { type OpenBaton, openBatonFor } from '../access/baton-door.ts';
import { openConversation } from '../access/door.ts';
import type { Session } from '../access/sessions.ts';
import { accept, ApiError, notFound } from '../api-error.ts';
import type { OpenDesk } from '../batons/baton-desk.ts';
import { decodeState } from '../commit/state-codec.ts';
import type { DutyBook } from '../duty/duty-books.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import { findBatonEvent } from '../store/batons.ts';
import { findConversation } from '../store/conversations.ts';
import { findItem } from '../store/items.ts';

type Needs = Pick<
  Services,
  'db' | 'ports' | 'certificates' | 'keyLogs' | 'duty' | 'manifests' | 'batons' | 'limits'
>;

/**
 * Appends a person's event to a baton's chain: compare-and-set on (baton, n, prev), judged by the organisation as it is in the same commit.
 * `conflict.head` where another event has the position; the same bytes again are answered as the first time.
 */
export async function appendBatonEvent(
  needs: Needs,
  session: Session,
  request: { readonly baton: BatonId; readonly bytes: Bytes },
): Promise<BatonAnswer> {
  const { digest, verify } = needs.ports;
  await needs.limits.spendOwn('baton-act', session.account);
  requirePermission(await loadActor(needs.keyLogs, session), 'baton.read');
  const door = await openBatonFor(needs, session, request.baton);
  const opened = accept(openBatonEvent(digest, request.bytes));
  const event = opened.body;
  if (event.org !== session.org) throw new ApiError('ledger.wrong_purpose', 'org');
  if (event.baton !== request.baton) throw new ApiError('ledger.wrong_purpose', 'baton');
  if (event.by !== session.account || event.dk === null) throw new ApiError('ledger.wrong_purpose', 'by');
  const certificate = await needs.certificates.current(
    { org: session.org, keyLog: door.book.keyLog },
    event.dk,
  );
  accept(await checkBatonEvent(opened, { digest, verify, certificate }));
  await checkNamed(needs, door, event);
  const manifests = isSettling(event.op) ? await needs.manifests.of(session.org, door.book.keyLog) : null;
  return needs.batons.change(session.org, (desk) =>
    commit(desk, { session, opened, bytes: request.bytes, baton: request.baton, manifests }),
  );
}

interface Proposal {
  readonly session: Session;
  readonly opened: OpenedSigned<BatonEvent>;
  readonly bytes: Bytes;
  readonly baton: BatonId;
  /** Of the organisation's agents, where one of them ends an answer; null for everything else. */
  readonly manifests: ReadonlyMap<string, Manifest> | null;
}

async function commit(desk: OpenDesk, proposal: Proposal): Promise<BatonAnswer> {
  const { session, opened, baton } = proposal;
  const event = opened.body;
  const { trx, book, atMs } = desk;
  const state = (await desk.load([baton])).get(baton);
  if (state === undefined) throw notFound();
  if (event.n <= state.n) {
    const taken = await findBatonEvent(trx, baton, event.n);
    if (taken !== null && equalBytes(taken.hash, opened.hash))
      return { pos: taken.pos, ts: taken.at, replay: true };
    throw new ApiError('conflict.head', 'n');
  }
  if (event.n !== state.n + 1 || event.prev === null || !equalBytes(event.prev, state.head))
    throw new ApiError('conflict.head', 'prev');
  judge(state, proposal, { book, atMs, facts: await factsFor(desk, state, proposal) });
  const next = accept(applyBatonEvent(state, { event, hash: opened.hash, at: atMs }));
  const pos = desk.put({ event, hash: opened.hash, body: proposal.bytes, at: atMs, state: next });
  await desk.settle(next);
  await appendAudit(trx, { org: session.org, atMs }, [
    {
      actor: session.account,
      session: session.session,
      action: `baton.${event.op.op}`,
      object: baton,
      outcome: 'ok',
      code: null,
    },
  ]);
  return { pos, ts: atMs, replay: false };
}

/** The organisation as this act is judged by: for an agent's end of an answer with the conversation, as it is in this transaction. */
async function factsFor({ trx, book }: OpenDesk, state: BatonState, proposal: Proposal): Promise<BatonFacts> {
  const { manifests } = proposal;
  if (manifests === null || state.conv === null) return book.facts;
  const row = await findConversation(trx, state.conv);
  if (row === null) return book.facts;
  const { kind, members } = decodeState(row.state);
  return createBatonFacts(book.records, {
    ...book.listing,
    view: viewKeyLog(book.keyLog, { records: book.records, manifests }),
    conversation: () => ({ kind, hasMember: (account) => members.has(account) }),
  });
}

function judge(
  state: BatonState,
  { session, opened }: Proposal,
  at: { readonly book: DutyBook; readonly atMs: number; readonly facts: BatonFacts },
): void {
  const { as, op } = opened.body;
  const { book, atMs, facts } = at;
  const actor = actorOf(book.keyLog, session);
  // Whoever asked may always say that it is settled; a box is for whoever can read the message, agents among them.
  if (isSettling(op)) requirePermission(actor, 'baton.settle');
  else if (op.op !== 'box' && state.opener !== session.account) requirePermission(actor, 'baton.act');
  if (as !== null && !book.facts.actsFor(session.account, as, atMs))
    throw new ApiError('policy.forbidden', 'as');
  if (op.op === 'box') checkBox(state, op, book);
  accept(judgeBatonEvent(state, { by: session.account, op, at: atMs }, facts));
}

type OpOf<T extends BatonEvent['op']['op']> = Extract<BatonEvent['op'], { op: T }>;

/** A late box must be one: for this message, and for a key that is in use. */
function checkBox(state: BatonState, op: OpOf<'box'>, book: DutyBook): void {
  const box = accept(escalationBoxCodec.decode(op.box));
  const fits = box.conv === state.conv && box.message === state.message && box.to === op.to && box.g === op.g;
  if (!fits) throw new ApiError('baton.escalation', 'op.box');
  if (book.facts.boxKeyGen(op.to) !== op.g) throw new ApiError('baton.escalation', 'op.g');
}

/** The message that an event names must be there, by the one who names it, and of the kind that the act needs. */
async function checkNamed(needs: Needs, door: OpenBaton, event: BatonEvent): Promise<void> {
  const { op } = event;
  const conv = op.op === 'answer' ? op.conv : op.op === 'reopen' ? door.row.conv : null;
  if (op.op !== 'answer' && op.op !== 'reopen') return;
  if (conv === null) throw new ApiError('request.invalid', 'op.message');
  await openConversation(needs.db, door.session, conv as ConversationId);
  const item = await needs.db.inOrg(door.session.org, (trx) =>
    findItem(trx, conv as ConversationId, op.message),
  );
  const envelope = item?.k === 'envelope' ? accept(openEnvelope(needs.ports.digest, item.b)).header : null;
  if (envelope === null || envelope.author !== event.by) throw new ApiError('request.invalid', 'op.message');
  if (op.op === 'reopen' && envelope.class.kind !== 'edit')
    throw new ApiError('request.invalid', 'op.message');
  if (op.op === 'answer' && envelope.class.kind !== 'message' && envelope.class.kind !== 'form')
    throw new ApiError('request.invalid', 'op.message');
}
