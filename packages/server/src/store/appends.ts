import type { AccountId, Bytes, ConversationId, MemberId, OrgId, SessionId } from '@baton/kernel';
import { concatBytes } from '@baton/kernel';
import { ITEM_KINDS } from '@baton/wire';
import type { Database } from './database.ts';

/** Who acts, and what the verdict on it rests on: the database compares these under the organisation's lock. */
export interface AppendBasis {
  readonly account: AccountId;
  readonly session: SessionId;
  /** The keyring by which the author reaches the conversation, and its membership position; null for a direct member. */
  readonly keyring: { readonly conv: ConversationId; readonly n: number } | null;
}

/** An envelope or a put whose signature and author were checked. */
export interface AppendRow extends AppendBasis {
  readonly conv: ConversationId;
  readonly kind: 'envelope' | 'put';
  readonly id: string;
  readonly body: Bytes;
  readonly gen: number;
  /** Membership position that the author was judged by. */
  readonly logN: number;
  readonly put: { readonly key: string; readonly version: number; readonly prev: string | null } | null;
  /** What travels beside an envelope that asks for something; null for all others. */
  readonly ask: AskParts | null;
}

export interface AskParts {
  readonly context: Bytes;
  readonly boxes: readonly { readonly to: MemberId; readonly g: number; readonly body: Bytes }[];
}

export type RowOutcome =
  | 'new'
  | 'replay'
  | 'exists'
  | 'not_found'
  | 'stale'
  | 'stale_generation'
  | 'needs_rotate'
  | 'version';

export interface RowVerdict {
  readonly outcome: RowOutcome;
  readonly seq: number;
  readonly batch: number;
  readonly ts: number;
}

const APPEND_BATCH = `SELECT outcome, seq, batch, ts FROM append_batch(
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ORDER BY ord`;
const APPEND_ASKING_BATCH = `SELECT outcome, seq, batch, ts FROM append_asking_batch(
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
  $19, $20, $21, $22, $23, $24, $25, $26) ORDER BY ord`;

/** Commits one batch of one organisation in one statement and one round trip; the answers are in the rows' order. */
export async function appendBatch(
  db: Database,
  at: { org: OrgId; atMs: number; keyLogSize: number },
  rows: readonly AppendRow[],
): Promise<RowVerdict[]> {
  const lengths = rows.map((row) => row.body.length);
  let end = 0;
  const starts = lengths.map((length) => (end += length) - length + 1);
  const asks = rows.flatMap(({ ask }, index) => (ask === null ? [] : [{ place: index + 1, ...ask }]));
  const { rows: verdicts } = await db.pool.query<RowVerdict>({
    // What asks for nothing pays for nothing.
    ...(asks.length === 0
      ? { name: 'append-batch', text: APPEND_BATCH }
      : { name: 'append-asking-batch', text: APPEND_ASKING_BATCH }),
    values: [
      at.org,
      at.atMs,
      at.keyLogSize,
      concatBytes(...rows.map((row) => row.body)),
      starts,
      lengths,
      rows.map((row) => row.conv),
      rows.map((row) => ITEM_KINDS.indexOf(row.kind)),
      rows.map((row) => row.id),
      rows.map((row) => row.gen),
      rows.map((row) => row.logN),
      columnOf(rows, (row) => row.keyring?.conv ?? null),
      columnOf(rows, (row) => row.keyring?.n ?? null),
      rows.map((row) => row.account),
      rows.map((row) => row.session),
      columnOf(rows, (row) => row.put?.key ?? null),
      columnOf(rows, (row) => row.put?.version ?? null),
      columnOf(rows, (row) => row.put?.prev ?? null),
      ...(asks.length === 0 ? [] : askColumns(asks)),
    ],
  });
  return verdicts;
}

function askColumns(asks: readonly (AskParts & { readonly place: number })[]): unknown[] {
  const boxes = asks.flatMap(({ place, boxes }) => boxes.map((box) => ({ place, ...box })));
  return [
    asks.map(({ place }) => place),
    concatBytes(...asks.map(({ context }) => context)),
    asks.map(({ context }) => context.length),
    boxes.map(({ place }) => place),
    boxes.map(({ to }) => to),
    boxes.map(({ g }) => g),
    concatBytes(...boxes.map(({ body }) => body)),
    boxes.map(({ body }) => body.length),
  ];
}

/** null for a column of nulls, as most of them are: it need not be spelled out, sent and parsed. */
function columnOf<T>(rows: readonly AppendRow[], pick: (row: AppendRow) => T | null): (T | null)[] | null {
  const column = rows.map(pick);
  return column.every((value) => value === null) ? null : column;
}

/** A membership entry that policy has accepted. */
export interface EntryAppend extends AppendBasis {
  readonly conv: ConversationId;
  readonly n: number;
  readonly prev: Bytes | null;
  readonly hash: Bytes;
  readonly id: string;
  readonly body: Bytes;
  readonly gen: number;
  readonly kind: string;
  readonly closed: boolean;
  /** Somebody who should not read could: messages wait for new keys. */
  readonly needsRotate: boolean;
  /** Encoded membership state after it. */
  readonly state: Bytes;
  readonly members: readonly string[];
  readonly boxes: readonly { readonly recipient: string; readonly body: Bytes }[];
  /** For the audit log. */
  readonly action: string;
}

export type EntryOutcome = 'new' | 'replay' | 'exists' | 'not_found' | 'stale' | 'head';

export interface EntryVerdict {
  readonly outcome: EntryOutcome;
  readonly seq: number;
  readonly batch: number;
  readonly ts: number;
}

const APPEND_ENTRY = `SELECT outcome, seq, batch, ts FROM append_entry(
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`;

/** Commits one membership entry as a batch of its own. */
export async function appendEntry(
  db: Database,
  at: { org: OrgId; atMs: number; keyLogSize: number },
  entry: EntryAppend,
): Promise<EntryVerdict> {
  const { rows } = await db.pool.query<EntryVerdict>({
    name: 'append-entry',
    text: APPEND_ENTRY,
    values: [
      at.org,
      at.atMs,
      at.keyLogSize,
      entry.conv,
      entry.n,
      entry.prev,
      entry.hash,
      entry.gen,
      entry.id,
      entry.body,
      entry.kind,
      entry.closed,
      entry.needsRotate,
      entry.state,
      entry.keyring?.conv ?? null,
      entry.keyring?.n ?? null,
      entry.account,
      entry.session,
      entry.action,
      entry.members,
      entry.boxes.map((box) => box.recipient),
      concatBytes(...entry.boxes.map((box) => box.body)),
      entry.boxes.map((box) => box.body.length),
    ],
  });
  const verdict = rows[0];
  if (verdict === undefined) throw new Error('append_entry answered nothing');
  return verdict;
}
