import { type AccountId, type CredentialId, encodeBase64Url } from '@baton/kernel';
import type { DeviceBody, SessionBody, VaultBody, WrapBody } from '@baton/wire';
import type { Session } from '../access/sessions.ts';
import type { CredentialRow, DeviceRow } from '../store/schema.ts';
import { findCredential } from '../store/credentials.ts';
import type { OrgTransaction } from '../store/database.ts';
import { findVault } from '../store/vaults.ts';

export function wrapBodyOf(row: CredentialRow): WrapBody {
  return {
    credential: row.credential as CredentialId,
    kind: row.kind,
    label: row.label,
    wrap: row.wrap === null ? null : encodeBase64Url(row.wrap),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

export function deviceBodyOf(row: DeviceRow, session: Session): DeviceBody {
  return {
    device: row.device as DeviceBody['device'],
    label: row.label,
    class: row.class,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    notAfter: row.not_after,
    current: row.device === session.device,
  };
}

export async function readVaultBody(trx: OrgTransaction, account: AccountId): Promise<VaultBody> {
  const vault = await findVault(trx, account);
  return { version: vault?.version ?? 0, sealed: encodeBase64Url(vault?.sealed ?? new Uint8Array()) };
}

/** What a client needs to unlock and go on. `token` only for clients without a cookie jar. */
export async function describeSession(
  trx: OrgTransaction,
  session: Session,
  options: { token: string | null; demo: boolean },
): Promise<SessionBody> {
  const credential = session.credential === null ? null : await findCredential(trx, session.credential);
  return {
    session: session.session,
    account: session.account,
    org: session.org,
    token: options.token,
    method: session.method,
    idleExpiresAt: session.idleExpiresAt,
    absoluteExpiresAt: session.absoluteExpiresAt,
    steppedUpUntil: session.steppedUpUntil,
    vault: await readVaultBody(trx, session.account),
    wrap: credential === null ? null : wrapBodyOf(credential),
    demo: options.demo,
  };
}

/** A session that has just begun: the token goes into the cookie or into the body, never into both. */
export interface SignedIn {
  readonly body: SessionBody;
  readonly cookieToken: string | null;
}
