import {
  type AccountId,
  type Bytes,
  type CredentialId,
  type DeviceId,
  decodeBase64Url,
  encodeBase64Url,
  encodeUtf8,
  newId,
  type OrgId,
  type SessionId,
} from '@baton/kernel';
import { isErrorCode } from '@baton/wire';
import { ApiError } from '../api-error.ts';
import { ROTATE_AFTER_MS, ROTATION_GRACE_MS, SEEN_STEP_MS, SESSION_LIMITS, STEP_UP_MS } from '../config.ts';
import type { Ports } from '../ports.ts';
import type { Database, OrgTransaction } from '../store/database.ts';
import type { SessionRow } from '../store/schema.ts';
import { findSession, insertSession, rotateSession, touchSession } from '../store/sessions.ts';

/** Who is asking. Made by this file alone, from a token that was checked. */
export interface Session {
  readonly session: SessionId;
  readonly org: OrgId;
  readonly account: AccountId;
  readonly device: DeviceId | null;
  readonly credential: CredentialId | null;
  readonly method: SessionRow['method'];
  /** Carried by the cookie, so that requests must also prove where they come from. */
  readonly cookie: boolean;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
  readonly steppedUpUntil: number | null;
}

interface Needs {
  readonly db: Database;
  readonly ports: Ports;
}

const TOKEN_BYTES = 32;

/** Only this hash is stored. A token has 256 random bits, so no salt and no slow hash is needed. */
function hashToken(ports: Ports, token: Bytes): Bytes {
  return ports.digest(new Uint8Array([...encodeUtf8('session-token\0'), ...token]));
}

export interface NewSession {
  readonly org: OrgId;
  readonly account: AccountId;
  readonly kind: 'user' | 'agent' | 'patient';
  readonly device: DeviceId | null;
  readonly credential: CredentialId | null;
  readonly method: SessionRow['method'];
  readonly cookie: boolean;
}

/** Starts a session with a new id and token; a fresh sign-in counts as a proof of presence. */
export async function startSession(
  ports: Ports,
  trx: OrgTransaction,
  what: NewSession,
): Promise<{ session: Session; token: string }> {
  const now = ports.clock.nowMs();
  const token = ports.rng.bytes(TOKEN_BYTES);
  const limits = SESSION_LIMITS[what.kind === 'user' ? 'person' : what.kind];
  const row: SessionRow = {
    org: what.org,
    session: newId('session', ports.rng),
    account: what.account,
    device: what.device,
    credential: what.credential,
    method: what.method,
    cookie: what.cookie,
    token_hash: hashToken(ports, token),
    previous_hash: null,
    previous_until: null,
    created_at: now,
    rotated_at: now,
    last_seen_at: now,
    idle_ms: limits.idleMs,
    absolute_expires_at: now + limits.absoluteMs,
    stepped_up_until: now + STEP_UP_MS,
    ended_at: null,
    end_code: null,
  };
  await insertSession(trx, row);
  return { session: toSession(row), token: encodeBase64Url(token) };
}

/**
 * The session of a token. Throws `auth.required` for none and for one that is not known, `auth.expired` past its limits, and the code with
 * which it was ended. With a cookie, `renewed` is the token that replaces an old one.
 */
export async function authenticate(
  needs: Needs,
  tokenText: string | null,
): Promise<{ session: Session; renewed: string | null }> {
  const token = tokenText === null ? null : decodeBase64Url(tokenText);
  if (token === null || token.length !== TOKEN_BYTES) throw new ApiError('auth.required');
  const now = needs.ports.clock.nowMs();
  const hash = hashToken(needs.ports, token);
  const row = await findSession(needs.db, hash);
  if (row === null) throw new ApiError('auth.required');
  assertOpen(row, now);
  const isPrevious = !Buffer.from(row.token_hash).equals(hash);
  if (isPrevious && (row.previous_until ?? 0) <= now) throw new ApiError('auth.required');
  const seen = now - row.last_seen_at >= SEEN_STEP_MS;
  const rotate = row.cookie && !isPrevious && now - row.rotated_at >= ROTATE_AFTER_MS;
  if (!seen && !rotate) return { session: toSession(row), renewed: null };
  const session = row.session as SessionId;
  const next = needs.ports.rng.bytes(TOKEN_BYTES);
  const rotated = await needs.db.inOrg(row.org as OrgId, async (trx) => {
    if (seen) await touchSession(trx, { session, seenAt: now });
    if (!rotate) return false;
    return rotateSession(trx, {
      org: row.org as OrgId,
      session,
      from: hash,
      to: hashToken(needs.ports, next),
      atMs: now,
      previousUntilMs: now + ROTATION_GRACE_MS,
    });
  });
  return {
    session: toSession({ ...row, last_seen_at: now }),
    renewed: rotated ? encodeBase64Url(next) : null,
  };
}

/** Throws where the session has ended or has passed a limit. */
export function assertOpen(row: SessionRow, nowMs: number): void {
  if (row.ended_at !== null) {
    const code = row.end_code ?? '';
    throw new ApiError(isErrorCode(code) ? code : 'auth.expired');
  }
  if (nowMs >= row.absolute_expires_at || nowMs >= row.last_seen_at + row.idle_ms)
    throw new ApiError('auth.expired');
}

function toSession(row: SessionRow): Session {
  return {
    session: row.session as SessionId,
    org: row.org as OrgId,
    account: row.account as AccountId,
    device: row.device as DeviceId | null,
    credential: row.credential as CredentialId | null,
    method: row.method,
    cookie: row.cookie,
    idleExpiresAt: Math.min(row.last_seen_at + row.idle_ms, row.absolute_expires_at),
    absoluteExpiresAt: row.absolute_expires_at,
    steppedUpUntil: row.stepped_up_until,
  };
}

/** Dangerous acts need a proof of presence that is minutes old. */
export function requireStepUp(session: Session, nowMs: number): void {
  if (session.steppedUpUntil === null || session.steppedUpUntil <= nowMs) throw new ApiError('auth.step_up');
}
