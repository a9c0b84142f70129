import type { Bytes, OrgId, RoleId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';

/** Statements from position `after` on (0: from the start), in order, as their authors sent them. */
export async function readStatements(trx: OrgTransaction, after: number, limit: number): Promise<Bytes[]> {
  const rows = await trx
    .selectFrom('statements')
    .select('body')
    .where('n', '>=', after)
    .orderBy('n')
    .limit(limit)
    .execute();
  return rows.map((row) => row.body);
}

/** Appends to the key log; the caller holds the organisation's lock and has checked the statements against the log of size `from`. */
export async function insertStatements(
  trx: OrgTransaction,
  what: { org: OrgId; from: number; atMs: number; statements: readonly { kind: string; body: Bytes }[] },
): Promise<void> {
  const { org, from, atMs, statements } = what;
  await trx
    .insertInto('statements')
    .values(statements.map(({ kind, body }, index) => ({ org, n: from + index, kind, body, at: atMs })))
    .execute();
  await trx
    .updateTable('orgs')
    .set({ keylog_size: from + statements.length })
    .where('org', '=', org)
    .execute();
}

export async function upsertRole(
  trx: OrgTransaction,
  role: { org: OrgId; role: RoleId; keyring: string; active: boolean },
): Promise<void> {
  await trx
    .insertInto('roles')
    .values(role)
    .onConflict((conflict) => conflict.columns(['org', 'role']).doUpdateSet({ active: role.active }))
    .execute();
}

/** Members whose keys changed or ended: their conversations refuse messages until somebody makes new keys. */
export async function flagForRotation(trx: OrgTransaction, members: readonly string[]): Promise<void> {
  if (members.length === 0) return;
  await trx
    .updateTable('conversations')
    .set({ needs_rotate: true })
    .where('conv', 'in', (query) =>
      query
        .selectFrom('members')
        .select('conv')
        .where('member', 'in', [...members]),
    )
    .where('closed', '=', false)
    .execute();
}
