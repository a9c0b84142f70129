import { type Bytes, type ConversationId, encodeBase64Url } from '@baton/kernel';
import { keyLogSize, openEntry } from '@baton/ledger';
import type { AppendAnswer, ErrorCode, ItemKind } from '@baton/wire';
import type { Session } from '../access/sessions.ts';
import { openForWriting } from '../access/writing.ts';
import { accept, ApiError } from '../api-error.ts';
import { judgeEntry } from '../commit/judge-entry.ts';
import { judgeEnvelope, judgePut } from '../commit/judge-sealed.ts';
import type { Services } from '../server-parts.ts';
import type { EntryOutcome, RowOutcome } from '../store/appends.ts';
import { findItem } from '../store/items.ts';
import { openConversation } from '../access/door.ts';

type Needs = Pick<
  Services,
  'db' | 'ports' | 'certificates' | 'keyLogs' | 'conversations' | 'committer' | 'receipts' | 'metrics'
>;

export interface AppendRequest {
  readonly conv: ConversationId;
  readonly k: ItemKind;
  readonly b: Bytes;
  readonly boxes: readonly Bytes[];
}

/** How often a judgement by outdated members or key log is made anew before the client is asked to come back. */
const ATTEMPTS = 4;

const CODES = {
  exists: 'conflict.exists',
  not_found: 'request.not_found',
  stale_generation: 'conflict.stale_generation',
  needs_rotate: 'conflict.needs_rotate',
  version: 'conflict.version',
  head: 'conflict.head',
} as const satisfies Record<Exclude<RowOutcome | EntryOutcome, 'new' | 'replay' | 'stale'>, ErrorCode>;

/** Appends one item to a conversation; answered when it is durable. Throws ApiError. */
export async function appendItem(
  needs: Needs,
  session: Session,
  request: AppendRequest,
): Promise<AppendAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer =
      request.k === 'entry'
        ? await tryEntry(needs, session, request)
        : await trySealed(needs, session, request);
    if (answer !== 'stale') {
      needs.metrics.appended(request.k, answer.replay ? 'replay' : 'new');
      return answer;
    }
    if (attempt === ATTEMPTS) throw new ApiError('limit.busy', '', 200);
    await needs.keyLogs.refresh(session.org);
    await refreshConversations(needs, session, request.conv);
  }
}

async function trySealed(
  needs: Needs,
  session: Session,
  request: AppendRequest,
): Promise<AppendAnswer | 'stale'> {
  const { conversations, keyLogs, committer } = needs;
  const keyLog = await keyLogs.get(session.org);
  const grant = await openForWriting(conversations, { session, keyLog }, request.conv);
  if (request.boxes.length > 0) throw new ApiError('request.invalid', 'boxes');
  const judge = request.k === 'put' ? judgePut : judgeEnvelope;
  const row = await judge(needs, grant, request.b);
  // From a generation that this process has not heard of: either it is behind, or the author is.
  if (row.gen > grant.state.gen) return 'stale';
  const result = await committer.append(session.org, row, keyLogSize(keyLog));
  if (result.done) return result.answer;
  if (result.outcome === 'stale') return 'stale';
  throw new ApiError(CODES[result.outcome]);
}

async function tryEntry(
  needs: Needs,
  session: Session,
  request: AppendRequest,
): Promise<AppendAnswer | 'stale'> {
  const { conv, b: bytes, boxes } = request;
  const keyLog = await needs.keyLogs.get(session.org);
  const { body: entry, hash } = accept(openEntry(needs.ports.digest, bytes));
  // The author may have seen statements that came in through another process.
  if (entry.keylog.size > keyLogSize(keyLog)) return 'stale';
  const state = await needs.conversations.get(session.org, conv);
  if (state !== null && entry.n > state.n + 1) return 'stale';
  if (state !== null && entry.n <= state.n)
    return answerPast(needs, session, { conv, id: encodeBase64Url(hash), bytes });
  const judged = await judgeEntry(needs, { session, keyLog, conv, bytes, boxes });
  const result = await needs.committer.appendEntry(session.org, judged);
  if (result.done) return result.answer;
  if (result.outcome === 'stale') return 'stale';
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

/** The conversation and the keyrings by which the account may reach it. */
async function refreshConversations(needs: Needs, session: Session, conv: ConversationId): Promise<void> {
  const { conversations, keyLogs } = needs;
  const state = await conversations.reload(session.org, conv);
  if (state === null) return;
  const keyLog = await keyLogs.get(session.org);
  await conversations.reloadKeyrings(state, keyLog);
}
