import {
  type AccountId,
  type BatonId,
  type Bytes,
  type ConversationId,
  concatBytes,
  type MessageId,
  type OrgId,
  type OwnerId,
} from '@baton/kernel';
import { type Selectable, sql } from 'kysely';
import type { OrgTransaction } from './database.ts';
import type { BatonRow } from './baton-schema.ts';

export type StoredBaton = Selectable<BatonRow>;

/** One event to be written, with its place in the organisation's feed. */
export interface NewBatonEvent {
  readonly baton: BatonId;
  readonly n: number;
  readonly hash: Bytes;
  readonly body: Bytes;
  readonly at: number;
  readonly pos: number;
}

/** A baton after its newest event. */
export type NewBatonRow = Omit<StoredBaton, 'org' | 'alarmed_at' | 'tried_at'> & {
  /** Null: nobody was reached since the row was written last. */
  readonly triedAt: number | null;
};

export interface BatonWriting {
  readonly org: OrgId;
  readonly lastTs: number;
  /** Newest position in the feed after this. */
  readonly pos: number;
  readonly events: readonly NewBatonEvent[];
  readonly batons: readonly NewBatonRow[];
  /** When the server has something to do; null: it has ended. */
  readonly timers: readonly { readonly baton: BatonId; readonly nextAt: number | null }[];
  readonly reached: readonly { readonly baton: BatonId; readonly account: AccountId }[];
  /** Messages all of whose batons are open now. */
  readonly opened: readonly MessageId[];
}

/** Writes events, the states after them, timers and whom they reached, in one statement. The caller holds the organisation's lock. */
export async function writeBatons(trx: OrgTransaction, what: BatonWriting): Promise<void> {
  const { events, batons, timers, reached } = what;
  await sql`select write_batons(
    ${what.org}, ${what.lastTs}, ${what.pos},
    ${events.map((event) => event.baton)}, ${events.map((event) => event.n)},
    ${concatBytes(...events.map((event) => event.hash))},
    ${concatBytes(...events.map((event) => event.body))}, ${events.map((event) => event.body.length)},
    ${events.map((event) => event.at)}, ${events.map((event) => event.pos)},
    ${batons.map((row) => row.baton)}, ${batons.map((row) => row.n)},
    ${concatBytes(...batons.map((row) => row.head))},
    ${concatBytes(...batons.map((row) => row.state))}, ${batons.map((row) => row.state.length)},
    ${batons.map((row) => row.conv)}, ${batons.map((row) => row.message)}, ${batons.map((row) => row.opener)},
    ${batons.map((row) => row.reference)}, ${batons.map((row) => row.owner)},
    ${batons.map((row) => row.offered)}, ${batons.map((row) => row.contract)},
    ${batons.map((row) => row.status)}, ${batons.map((row) => row.opened_at)}, ${batons.map((row) => row.at)},
    ${batons.map((row) => row.triedAt ?? 0)}, ${batons.map((row) => row.pos)},
    ${timers.map(({ baton }) => baton)}, ${timers.map(({ nextAt }) => nextAt)},
    ${reached.map(({ baton }) => baton)}, ${reached.map(({ account }) => account)},
    ${[...what.opened]})`.execute(trx);
}

export async function findBatons(
  trx: OrgTransaction,
  batons: readonly BatonId[],
): Promise<Map<BatonId, StoredBaton>> {
  if (batons.length === 0) return new Map();
  const { rows } = await sql<StoredBaton>`
    select b.* from unnest(${[...batons]}::text[]) u (baton)
      join lateral (
        select x.* from batons x where x.org = (select current_setting('baton.org', true)) and x.baton = u.baton offset 0
      ) b on true`.execute(trx);
  return new Map(rows.map((row) => [row.baton as BatonId, row]));
}

export async function findBaton(trx: OrgTransaction, baton: BatonId): Promise<StoredBaton | null> {
  return (await findBatons(trx, [baton])).get(baton) ?? null;
}

/** The baton that an outside system opened under this name of its own. */
export async function findBatonByReference(
  trx: OrgTransaction,
  opener: string,
  reference: string,
): Promise<StoredBaton | null> {
  const row = await trx
    .selectFrom('batons')
    .selectAll()
    .where('opener', '=', opener)
    .where('reference', '=', reference)
    .executeTakeFirst();
  return row ?? null;
}

export interface StoredBatonEvent {
  readonly baton: BatonId;
  readonly n: number;
  readonly hash: Bytes;
  readonly body: Bytes;
  readonly at: number;
  readonly pos: number;
}

/** The whole chains of these batons, each in order. */
export async function readChains(
  trx: OrgTransaction,
  batons: readonly BatonId[],
): Promise<Map<BatonId, StoredBatonEvent[]>> {
  const chains = new Map<BatonId, StoredBatonEvent[]>(batons.map((baton) => [baton, []]));
  if (batons.length === 0) return chains;
  const rows = await trx
    .selectFrom('baton_events')
    .select(['baton', 'n', 'hash', 'body', 'at', 'pos'])
    .where('baton', 'in', [...batons])
    .orderBy('baton')
    .orderBy('n')
    .execute();
  for (const row of rows) chains.get(row.baton as BatonId)?.push({ ...row, baton: row.baton as BatonId });
  return chains;
}

export async function findBatonEvent(
  trx: OrgTransaction,
  baton: BatonId,
  n: number,
): Promise<StoredBatonEvent | null> {
  const row = await trx
    .selectFrom('baton_events')
    .select(['baton', 'n', 'hash', 'body', 'at', 'pos'])
    .where('baton', '=', baton)
    .where('n', '=', n)
    .executeTakeFirst();
  return row === undefined ? null : { ...row, baton: row.baton as BatonId };
}

export type Via = 'member' | 'opener' | 'reached' | 'owner';

/** Who asks, and for which owners that account may act now. */
export interface BatonReader {
  readonly account: AccountId;
  readonly owners: readonly OwnerId[];
}

export type VisibleBaton = Pick<StoredBaton, 'baton' | 'pos' | 'conv' | 'message' | 'state' | 'status'> & {
  readonly via: Via;
};

/** How the reader sees a row `b`; null: not at all. Reach of the conversation is the rule of `reaches`, for many at once. */
const viaOf = (reader: BatonReader) => sql<Via | null>`case
    when b.conv in (select conv from mine) then 'member'
    when b.opener = ${reader.account} then 'opener'
    when b.owner = any (${[...reader.owners]}::text[]) or b.offered = any (${[...reader.owners]}::text[]) then 'owner'
    when exists (select from baton_reached r where r.org = b.org and r.account = ${reader.account} and r.baton = b.baton)
      then 'reached'
  end`;

const mineOf = (reader: BatonReader) => sql`
    select m.conv from members m where m.member = ${reader.account}
    union
    select m.conv from members h
      join roles r on r.org = h.org and r.keyring = h.conv and r.active
      join members m on m.org = r.org and m.member = r.role
    where h.member = ${reader.account}`;

/** Batons that the reader sees and that changed after a position, in the order of their newest change; and the feed's newest position. */
export async function readBatonFeed(
  trx: OrgTransaction,
  reader: BatonReader,
  page: { after: number; limit: number },
): Promise<{ batons: VisibleBaton[]; newest: number }> {
  // The newest position first: what is committed between the two questions is shown, and asked for again.
  const org = await trx.selectFrom('orgs').select('baton_pos').executeTakeFirst();
  const { rows } = await sql<VisibleBaton>`
    with mine as materialized (${mineOf(reader)})
    select * from (
      select b.baton, b.pos, b.conv, b.message, b.state, b.status, ${viaOf(reader)} as via
      from batons b where b.pos > ${page.after} order by b.pos
    ) s where s.via is not null order by s.pos limit ${page.limit}`.execute(trx);
  return { batons: rows, newest: org?.baton_pos ?? 0 };
}

/** Called by access/ only. */
export async function findVisibleBaton(
  trx: OrgTransaction,
  reader: BatonReader,
  baton: BatonId,
): Promise<VisibleBaton | null> {
  const { rows } = await sql<VisibleBaton>`
    with mine as materialized (${mineOf(reader)})
    select * from (
      select b.baton, b.pos, b.conv, b.message, b.state, b.status, ${viaOf(reader)} as via
      from batons b where b.baton = ${baton}
    ) s where s.via is not null`.execute(trx);
  return rows[0] ?? null;
}

/** Batons whose newest change lies in a range of the feed; `firstN`: the first of their events in it, null where it holds none. */
export async function readBatonsBetween(
  trx: OrgTransaction,
  range: { after: number; upTo: number },
): Promise<{ state: Bytes; pos: number; firstN: number | null }[]> {
  const { rows } = await sql<{ state: Bytes; pos: number; firstN: number | null }>`
    select b.state, b.pos, e.n as "firstN" from batons b
      left join lateral (
        select min(x.n) as n from baton_events x where x.org = b.org and x.baton = b.baton and x.pos > ${range.after}
      ) e on true
    where b.pos > ${range.after} and b.pos <= ${range.upTo} order by b.pos`.execute(trx);
  return rows;
}

export interface StoredOpening {
  readonly message: MessageId;
  readonly conv: ConversationId;
  readonly seq: number;
  readonly ts: number;
  /** The Sealed envelope. */
  readonly body: Bytes;
}

/** Of these messages, those whose batons are still to be opened, with their envelopes. */
export async function readOpenings(
  trx: OrgTransaction,
  messages: readonly MessageId[],
): Promise<StoredOpening[]> {
  if (messages.length === 0) return [];
  const rows = await trx
    .selectFrom('baton_openings as o')
    .innerJoin('items as i', (join) => join.onRef('i.conv', '=', 'o.conv').onRef('i.seq', '=', 'o.seq'))
    .select(['o.message', 'o.conv', 'o.seq', 'o.ts', 'i.body'])
    .where('o.message', 'in', [...messages])
    .orderBy('o.ts')
    .orderBy('o.message')
    .execute();
  return rows.map((row) => ({
    ...row,
    message: row.message as MessageId,
    conv: row.conv as ConversationId,
  }));
}

/** Stat batons that nobody has acknowledged and for which nothing was tried since; they are marked, so that each is told once a while. */
export async function alarmForgotten(
  trx: OrgTransaction,
  what: { org: OrgId; triedBefore: number; atMs: number },
): Promise<BatonId[]> {
  const { rows } = await sql<{ baton: string }>`
    update batons set alarmed_at = ${what.atMs}
    where org = ${what.org} and status = 'open' and contract = 'stat' and tried_at < ${what.triedBefore}
      and coalesce(alarmed_at, 0) < ${what.triedBefore}
      and not exists (
        select from attempts a where a.org = batons.org and a.baton = batons.baton and a.begun_at >= ${what.triedBefore}
      )
    returning baton`.execute(trx);
  return rows.map(({ baton }) => baton as BatonId);
}
