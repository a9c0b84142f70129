import type { AccountId, Bytes, ConversationId, OrgId, RoleId } from '@baton/kernel';
import { type Selectable, sql } from 'kysely';
import type { Database, OrgTransaction } from './database.ts';
import type { ConversationRow } from './schema.ts';

export type Conversation = Selectable<ConversationRow>;

/** The conversation if the account reaches it now, directly or through a role that it holds; one round trip. Called by access/ only. */
export async function findReachable(
  db: Database,
  who: { org: OrgId; account: AccountId },
  conv: ConversationId,
): Promise<Conversation | null> {
  const { rows } = await db.pool.query<Conversation>({
    name: 'open-conversation',
    text: 'SELECT * FROM open_conversation($1, $2, $3)',
    values: [who.org, who.account, conv],
  });
  return rows[0] ?? null;
}

/** Those that the account reaches, in id order. */
export async function listReachable(
  trx: OrgTransaction,
  account: AccountId,
  page: { after: ConversationId | null; limit: number },
): Promise<Conversation[]> {
  const { rows } = await sql<Conversation>`
    select c.* from conversations c
    where c.conv > ${page.after ?? ''} and c.conv in (
      select m.conv from members m where m.member = ${account}
      union
      select m.conv from members h
        join roles r on r.org = h.org and r.keyring = h.conv and r.active
        join members m on m.org = r.org and m.member = r.role
      where h.member = ${account}
    )
    order by c.conv limit ${page.limit}`.execute(trx);
  return rows;
}

export async function findConversation(
  trx: OrgTransaction,
  conv: ConversationId,
): Promise<Conversation | null> {
  return (
    (await trx.selectFrom('conversations').selectAll().where('conv', '=', conv).executeTakeFirst()) ?? null
  );
}

/** Roles that the account holds now: those in whose keyring it is. */
export async function listHeldRoles(trx: OrgTransaction, account: AccountId): Promise<RoleId[]> {
  const rows = await trx
    .selectFrom('roles')
    .innerJoin('members', 'members.conv', 'roles.keyring')
    .select('roles.role')
    .where('members.member', '=', account)
    .where('roles.active', '=', true)
    .execute();
  return rows.map((row) => row.role as RoleId);
}

export interface StoredBox {
  readonly to: string;
  readonly gen: number;
  readonly box: Bytes;
}

export async function readBoxes(
  trx: OrgTransaction,
  what: { conv: ConversationId; recipients: readonly string[]; from: number; to: number; limit: number },
): Promise<StoredBox[]> {
  const rows = await trx
    .selectFrom('boxes')
    .select(['recipient', 'gen', 'body'])
    .where('conv', '=', what.conv)
    .where('recipient', 'in', [...what.recipients])
    .where('gen', '>=', what.from)
    .where('gen', '<=', what.to)
    .orderBy('gen')
    .orderBy('recipient')
    .orderBy('log_n')
    .limit(what.limit)
    .execute();
  return rows.map((row) => ({ to: row.recipient, gen: row.gen, box: row.body }));
}

/** Members of every role's keyring. */
export async function listKeyringMembers(trx: OrgTransaction): Promise<Map<RoleId, AccountId[]>> {
  const rows = await trx
    .selectFrom('roles')
    .innerJoin('members', 'members.conv', 'roles.keyring')
    .select(['roles.role', 'members.member'])
    .orderBy('roles.role')
    .orderBy('members.member')
    .execute();
  const keyrings = new Map<RoleId, AccountId[]>();
  for (const { role, member } of rows) {
    const members = keyrings.get(role as RoleId);
    if (members === undefined) keyrings.set(role as RoleId, [member as AccountId]);
    else members.push(member as AccountId);
  }
  return keyrings;
}
