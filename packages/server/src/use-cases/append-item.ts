import { type Bytes, type ConversationId, encodeBase64Url } from '@baton/kernel';
import { type KeyLogState, keyLogSize, openEntry } from '@baton/ledger';
import type { AppendAnswer, ErrorCode, EscalationParts, ItemKind } from '@baton/wire';
import type { Session } from '../access/sessions.ts';
import { STALE, withFreshView } from '../access/fresh-view.ts';
import { openForWriting, openMembership } from '../access/writing.ts';
import { accept, ApiError } from '../api-error.ts';
import { judgeEntry } from '../commit/judge-entry.ts';
import { judgeEnvelope, judgePut } from '../commit/judge-sealed.ts';
import type { Services } from '../server-parts.ts';
import type { EntryOutcome, RowOutcome } from '../store/appends.ts';
import { findItem } from '../store/items.ts';
import { openConversation } from '../access/door.ts';

type Needs = Pick<
  Services,
  | 'db'
  | 'ports'
  | 'certificates'
  | 'keyLogs'
  | 'conversations'
  | 'committer'
  | 'receipts'
  | 'metrics'
  | 'duty'
  | 'manifests'
  | 'dutyRounds'
  | 'limits'
>;

export interface AppendRequest {
  readonly conv: ConversationId;
  readonly k: ItemKind;
  readonly b: Bytes;
  readonly boxes: readonly Bytes[];
  /** With an envelope that asks for something. */
  readonly escalation: EscalationParts | null;
}

const CODES = {
  exists: 'conflict.exists',
  not_found: 'request.not_found',
  stale_generation: 'conflict.stale_generation',
  needs_rotate: 'conflict.needs_rotate',
  version: 'conflict.version',
  head: 'conflict.head',
} as const satisfies Record<Exclude<RowOutcome | EntryOutcome, 'new' | 'replay' | 'stale'>, ErrorCode>;

/** A place in an order that the caller keeps: the item is handed to the committer when `ready`, and then the turn is passed on. */
export interface Turn {
  readonly ready: Promise<void>;
  pass(): void;
}

const NO_ORDER: Turn = { ready: Promise.resolve(), pass: () => {} };

/** Appends one item to a conversation; answered when it is durable. Throws ApiError. */
export async function appendItem(
  needs: Needs,
  session: Session,
  request: AppendRequest & { readonly turn?: Turn },
): Promise<AppendAnswer> {
  const turn = request.turn ?? NO_ORDER;
  const answer = await withFreshView(needs, { session, conv: request.conv }, (keyLog) =>
    request.k === 'entry'
      ? appendEntry(needs, { session, keyLog }, request)
      : appendSealed(needs, { session, keyLog, turn }, request),
  );
  needs.metrics.appended(request.k, answer.replay ? 'replay' : 'new');
  return answer;
}

interface Judging {
  readonly session: Session;
  readonly keyLog: KeyLogState;
}

async function appendSealed(
  needs: Needs,
  by: Judging & { readonly turn: Turn },
  request: AppendRequest,
): Promise<AppendAnswer | typeof STALE> {
  const { session, keyLog, turn } = by;
  const grant = await openForWriting(needs.conversations, by, request.conv);
  if (request.boxes.length > 0) throw new ApiError('request.invalid', 'boxes');
  const judge = request.k === 'put' ? judgePut : judgeEnvelope;
  const row = await judge(needs, grant, { bytes: request.b, escalation: request.escalation });
  // From a generation that this process has not heard of: either it is behind, or the author is ahead of everybody.
  if (row.gen > grant.state.gen) throw new ApiError('conflict.stale_generation', 'h.gen');
  await turn.ready;
  const committing = needs.committer.append(session.org, row, keyLogSize(keyLog));
  turn.pass();
  const result = await committing;
  if (result.done) return result.answer;
  if (result.outcome === 'stale') return STALE;
  throw new ApiError(CODES[result.outcome]);
}

async function appendEntry(
  needs: Needs,
  by: Judging,
  request: AppendRequest,
): Promise<AppendAnswer | typeof STALE> {
  const { session, keyLog } = by;
  const { conv, b: bytes, boxes } = request;
  if (request.escalation !== null) throw new ApiError('request.invalid', 'escalation');
  const { body: entry, hash } = accept(openEntry(needs.ports.digest, bytes));
  const state = await openMembership(needs.conversations, by, { conv, isFirst: entry.n === 0 });
  if (state !== null && entry.n <= state.n)
    return answerPast(needs, session, { conv, id: encodeBase64Url(hash), bytes });
  const judged = await judgeEntry(needs, { session, keyLog, state, conv, bytes, boxes });
  const result = await needs.committer.appendEntry(session.org, judged);
  // Who holds a role has changed, and with it for whom batons stand.
  if (result.done && judged.append.kind === 'keyring')
    needs.dutyRounds.wake(session.org, needs.ports.clock.nowMs());
  if (result.done) return result.answer;
  if (result.outcome === 'stale') return STALE;
  throw new ApiError(CODES[result.outcome]);
}

/** An entry for a position that is taken: the same one again, or somebody else's. */
async function answerPast(
  needs: Needs,
  session: Session,
  past: { conv: ConversationId; id: string; bytes: Bytes },
): Promise<AppendAnswer> {
  const { conv, id, bytes } = past;
  await openConversation(needs.db, session, conv);
  const item = await needs.db.inOrg(session.org, (trx) => findItem(trx, conv, id));
  if (item === null || !Buffer.from(item.b).equals(bytes)) throw new ApiError('conflict.head');
  const { seq, batch, ts } = item;
  const { receipt, index } = await needs.receipts.derive({ org: session.org, batch, ts, conv, seq });
  return { seq, batch, ts, receipt: receipt.receipt, index, path: receipt.pathOf(index), replay: true };
}
