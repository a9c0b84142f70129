import { type Bytes, makeId, type OrgId } from '@baton/kernel';
import type { Database } from './database.ts';
import type { CredentialRow } from './schema.ts';

/** Asked for logins that nobody has, so that their answer costs the same queries. */
const NOBODY = makeId('org', new Uint8Array(16));

/** The credential that a login key leads to. */
export async function findLogin(
  db: Database,
  org: OrgId | null,
  what: { kind: 'passphrase' | 'recovery'; key: Bytes },
): Promise<CredentialRow | null> {
  return db.inOrg(org ?? NOBODY, async (trx) => {
    const row = await trx
      .selectFrom('credentials')
      .selectAll()
      .where('login_key', '=', what.key)
      .where('kind', '=', what.kind)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    return row ?? null;
  });
}
