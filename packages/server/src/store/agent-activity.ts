import type { AccountId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';
import type { AuditRow } from './schema.ts';

/** Newest sign of life on any of the account's sessions, ended ones included; null: none ever. */
export async function findLastSeen(trx: OrgTransaction, account: AccountId): Promise<number | null> {
  const row = await trx
    .selectFrom('sessions')
    .select((select) => select.fn.max('last_seen_at').as('at'))
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.at ?? null;
}

/**
 * The actor's events, newest first, among the organisation's newest `within`. There is no index by actor: every message would pay for it, and
 * this is read by hand.
 */
export async function readAuditOf(
  trx: OrgTransaction,
  what: { actor: AccountId; limit: number; within: number },
): Promise<AuditRow[]> {
  const newest = await trx.selectFrom('orgs').select('audit_size').executeTakeFirst();
  return trx
    .selectFrom('audit')
    .selectAll()
    .where('actor', '=', what.actor)
    .where('n', '>=', (newest?.audit_size ?? 0) - what.within)
    .orderBy('n', 'desc')
    .limit(what.limit)
    .execute();
}
