import {
  type Bytes,
  concatBytes,
  decodeBase64Url,
  encodeBase64Url,
  encodeUtf8,
  type IntegrationId,
  type OrgId,
} from '@baton/kernel';
import { ApiError } from '../api-error.ts';
import { SEEN_STEP_MS } from '../config.ts';
import type { Ports } from '../ports.ts';
import type { Database } from '../store/database.ts';
import { findIntegrationByToken, touchIntegration } from '../store/integrations.ts';

/** An outside system that asks. Made by this file alone, from a token that was checked; it is no session and opens no other door. */
export interface IntegrationCaller {
  readonly org: OrgId;
  readonly integration: IntegrationId;
}

const TOKEN_BYTES = 32;
/** Tells the token from a session's, to people and to scanners of leaked secrets. */
const TOKEN_PREFIX = 'baton_int_';

/** A fresh token and what of it is stored. It has 256 random bits, so no salt and no slow hash is needed. */
export function makeIntegrationToken(ports: Pick<Ports, 'rng' | 'digest'>): { token: string; hash: Bytes } {
  const random = ports.rng.bytes(TOKEN_BYTES);
  return { token: TOKEN_PREFIX + encodeBase64Url(random), hash: hashToken(ports, random) };
}

/** The integration of a token; `auth.required` for none, for one that is not known and for one that was ended. */
export async function authenticateIntegration(
  needs: { readonly db: Database; readonly ports: Ports },
  tokenText: string | null,
): Promise<IntegrationCaller> {
  const random = tokenText?.startsWith(TOKEN_PREFIX)
    ? decodeBase64Url(tokenText.slice(TOKEN_PREFIX.length))
    : null;
  if (random === null || random.length !== TOKEN_BYTES) throw new ApiError('auth.required');
  const row = await findIntegrationByToken(needs.db, hashToken(needs.ports, random));
  if (row === null) throw new ApiError('auth.required');
  const caller = { org: row.org as OrgId, integration: row.integration as IntegrationId };
  const atMs = needs.ports.clock.nowMs();
  if (atMs - (row.last_used_at ?? 0) >= SEEN_STEP_MS)
    await needs.db.inOrg(caller.org, (trx) =>
      touchIntegration(trx, { integration: caller.integration, atMs }),
    );
  return caller;
}

function hashToken(ports: Pick<Ports, 'digest'>, random: Bytes): Bytes {
  return ports.digest(concatBytes(encodeUtf8('integration-token\0'), random));
}
