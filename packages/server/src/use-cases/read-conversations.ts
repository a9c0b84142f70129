import { type Bytes, type ConversationId, encodeBase64Url, type RoleId } from '@baton/kernel';
import type {
  ConversationBody,
  conversationPage,
  Item,
  ItemsAnswer,
  itemBody,
  RecipientId,
  snapshotBody,
} from '@baton/wire';
import type { z } from 'zod';
import { loadActor } from '../access/actor.ts';
import { type OpenConversation, openConversation, openMembershipLog } from '../access/door.ts';
import type { Session } from '../access/sessions.ts';
import type { Services } from '../server-parts.ts';
import { type Conversation, listHeldRoles, listReachable, readBoxes } from '../store/conversations.ts';
import { readEntries, readItems, readSnapshot } from '../store/items.ts';
import { findCollectionRoot } from '../store/marks.ts';
import { recordReading } from './record-reading.ts';

type Needs = Pick<Services, 'db' | 'keyLogs' | 'audit'>;

function conversationBodyOf(row: Conversation): ConversationBody {
  return {
    conv: row.conv as ConversationId,
    kind: row.kind as ConversationBody['kind'],
    seq: row.seq,
    batch: row.batch,
    logN: row.log_n,
    logHead: encodeBase64Url(row.log_head),
    gen: row.gen,
    needsRotate: row.needs_rotate,
    closed: row.closed,
    createdAt: row.created_at,
  };
}

export function itemBodyOf(item: Item): z.infer<typeof itemBody> {
  return { ...item, b: encodeBase64Url(item.b) };
}

/** Mine, directly or through a role, in id order. */
export async function listConversations(
  needs: Needs,
  session: Session,
  page: { after: ConversationId | null; limit: number },
): Promise<z.infer<typeof conversationPage>> {
  await loadActor(needs.keyLogs, session);
  const rows = await needs.db.inOrg(session.org, (trx) =>
    listReachable(trx, session.account, { after: page.after, limit: page.limit + 1 }),
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    conversations: shown.map(conversationBodyOf),
    next: rows.length > page.limit && last !== undefined ? (last.conv as ConversationId) : null,
  };
}

export async function readConversation(
  needs: Needs,
  session: Session,
  conv: ConversationId,
): Promise<ConversationBody> {
  const { row } = await open(needs, session, conv);
  return conversationBodyOf(row);
}

/** Items in a range of the stream, and the newest position. Bounds are exclusive. */
export async function readItemRange(
  needs: Needs,
  session: Session,
  range: { conv: ConversationId; after?: number; before?: number; back: boolean; limit: number },
): Promise<ItemsAnswer> {
  const { row, conv } = await open(needs, session, range.conv);
  await recordReading(needs, session, conv);
  const items = await readItems(needs.db, {
    org: session.org,
    conv,
    after: range.after ?? 0,
    before: range.before ?? row.seq + 1,
    back: range.back,
    limit: range.limit,
  });
  return { items, newest: row.seq };
}

/** Receipts of items, made anew from the rows: what a bundle of evidence carries (docs/protocol/evidence.md §2). */
export async function readReceipts(
  needs: Needs & Pick<Services, 'receipts'>,
  session: Session,
  range: { conv: ConversationId; after: number; limit: number },
): Promise<{ seq: number; receipt: Bytes; index: number; path: Bytes[] }[]> {
  const { items } = await readItemRange(needs, session, { ...range, back: false });
  const receipts: { seq: number; receipt: Bytes; index: number; path: Bytes[] }[] = [];
  for (const { seq, batch, ts } of items) {
    const at = { org: session.org, batch, ts, conv: range.conv, seq };
    const { receipt, index } = await needs.receipts.derive(at);
    receipts.push({ seq, receipt: receipt.receipt, index, path: receipt.pathOf(index) });
  }
  return receipts;
}

export async function readMembershipLog(
  needs: Needs,
  session: Session,
  conv: ConversationId,
): Promise<Item[]> {
  await openMembershipLog(needs, session, conv);
  return needs.db.inOrg(session.org, (trx) => readEntries(trx, conv));
}

export interface BoxAnswer {
  readonly to: RecipientId;
  readonly gen: number;
  readonly box: string;
}

/** Boxes for the caller and for roles that the caller holds; never anybody else's. */
export async function readOwnBoxes(
  needs: Needs,
  session: Session,
  range: { conv: ConversationId; from: number; to: number },
): Promise<BoxAnswer[]> {
  const { conv } = await open(needs, session, range.conv);
  const boxes = await needs.db.inOrg(session.org, async (trx) => {
    const roles: RoleId[] = await listHeldRoles(trx, session.account);
    return readBoxes(trx, { ...range, conv, recipients: [session.account, ...roles], limit: 2000 });
  });
  return boxes.map(({ to, gen, box }) => ({ to: to as RecipientId, gen, box: encodeBase64Url(box) }));
}

/** Newest put of each key up to the newest position, paged by stream position, with the newest signed root. */
export async function readCollection(
  needs: Needs,
  session: Session,
  page: { conv: ConversationId; after: number; upTo: number | null; limit: number },
): Promise<z.infer<typeof snapshotBody>> {
  const { row, conv } = await open(needs, session, page.conv);
  await recordReading(needs, session, conv);
  const upTo = Math.min(page.upTo ?? row.seq, row.seq);
  return needs.db.inOrg(session.org, async (trx) => {
    const puts = await readSnapshot(trx, { conv, after: page.after, upTo, limit: page.limit });
    const root = await findCollectionRoot(trx, conv, upTo);
    const last = puts.at(-1);
    return {
      seq: upTo,
      puts: puts.map(itemBodyOf),
      next: puts.length === page.limit && last !== undefined ? last.seq : null,
      root: root === null ? null : encodeBase64Url(root.body),
    };
  });
}

/** Through the door, and by an account that the key log still knows as active. */
async function open(needs: Needs, session: Session, conv: ConversationId): Promise<OpenConversation> {
  await loadActor(needs.keyLogs, session);
  return openConversation(needs.db, session, conv);
}
