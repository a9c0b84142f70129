import type { AccountId, Bytes, InvitationId, OrgId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';
import type { PatientLinkRow } from './schema.ts';

// Every change takes the organisation's next link position, so whoever changes a link holds the organisation's lock: a reader that asks for
// what came after a position misses nothing.

export async function findPatientLink(
  trx: OrgTransaction,
  invitation: InvitationId,
): Promise<PatientLinkRow | null> {
  const row = await trx
    .selectFrom('patient_links')
    .selectAll()
    .where('invitation', '=', invitation)
    .executeTakeFirst();
  return row ?? null;
}

export interface NewPatientLink {
  readonly org: OrgId;
  readonly invitation: InvitationId;
  readonly account: AccountId;
  readonly author: AccountId;
  /** Sealed at rest. */
  readonly linkKey: Bytes;
  readonly holder: Bytes;
  readonly tries: number;
  readonly notAfter: number;
  readonly atMs: number;
}

/** A new link; earlier ones of the account that are still open answer nothing from now on. */
export async function insertPatientLink(trx: OrgTransaction, link: NewPatientLink): Promise<void> {
  const older = await trx
    .selectFrom('patient_links')
    .select('invitation')
    .where('account', '=', link.account)
    .where('claimed_at', 'is', null)
    .where('replaced', '=', false)
    .execute();
  for (const { invitation } of older)
    await trx
      .updateTable('patient_links')
      .set({ replaced: true, link_key: null, pos: await nextPosition(trx, link.org) })
      .where('invitation', '=', invitation)
      .execute();
  await trx
    .insertInto('patient_links')
    .values({
      org: link.org,
      invitation: link.invitation,
      account: link.account,
      author: link.author,
      link_key: link.linkKey,
      holder: link.holder,
      tries_left: link.tries,
      claimed_at: null,
      not_after: link.notAfter,
      created_at: link.atMs,
      pos: await nextPosition(trx, link.org),
    })
    .execute();
}

/** Takes one of the tries; the last one takes the key with it. Null where there is none to take. */
export async function takeTry(
  trx: OrgTransaction,
  link: { org: OrgId; invitation: InvitationId },
): Promise<{ readonly linkKey: Bytes; readonly triesLeft: number } | null> {
  const row = await findPatientLink(trx, link.invitation);
  const linkKey = row?.link_key ?? null;
  if (row === null || linkKey === null || row.tries_left < 1) return null;
  const triesLeft = row.tries_left - 1;
  await trx
    .updateTable('patient_links')
    .set({
      tries_left: triesLeft,
      link_key: triesLeft === 0 ? null : linkKey,
      pos: await nextPosition(trx, link.org),
    })
    .where('invitation', '=', link.invitation)
    .execute();
  return { linkKey, triesLeft };
}

/** Does nothing for invitations that are no patient's link. */
export async function closeClaimedLink(
  trx: OrgTransaction,
  link: { org: OrgId; invitation: InvitationId; atMs: number },
): Promise<void> {
  if ((await findPatientLink(trx, link.invitation)) === null) return;
  await trx
    .updateTable('patient_links')
    .set({ claimed_at: link.atMs, link_key: null, pos: await nextPosition(trx, link.org) })
    .where('invitation', '=', link.invitation)
    .execute();
}

export async function countSecondClaim(
  trx: OrgTransaction,
  link: { org: OrgId; invitation: InvitationId },
): Promise<void> {
  await trx
    .updateTable('patient_links')
    .set((row) => ({ second_claims: row('second_claims', '+', 1) }))
    .set({ pos: await nextPosition(trx, link.org) })
    .where('invitation', '=', link.invitation)
    .execute();
}

/** Changed after a position, in that order; those that ended before `notAfterMs` left out. */
export async function listPatientLinks(
  trx: OrgTransaction,
  page: { after: number; endedAfterMs: number; limit: number },
): Promise<PatientLinkRow[]> {
  return trx
    .selectFrom('patient_links')
    .selectAll()
    .where('pos', '>', page.after)
    .where('not_after', '>', page.endedAfterMs)
    .orderBy('pos')
    .limit(page.limit)
    .execute();
}

async function nextPosition(trx: OrgTransaction, org: OrgId): Promise<number> {
  const { link_pos } = await trx
    .updateTable('orgs')
    .set((row) => ({ link_pos: row('link_pos', '+', 1) }))
    .where('org', '=', org)
    .returning('link_pos')
    .executeTakeFirstOrThrow();
  return link_pos;
}
