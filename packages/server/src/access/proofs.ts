import { timingSafeEqual } from 'node:crypto';
import { type Bytes, concatBytes, encodeUtf8 } from '@baton/kernel';
import { Secret, TOTP } from 'otpauth';
import type { Digest } from '@baton/ledger';

/** RFC 6238 as authenticator apps have it; one step to either side for clocks that are off. */
const TOTP_FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const WINDOW = 1;

/** What is stored of a sign-in proof. The proof has at least 77 bits of its own (docs/protocol §7), so a plain hash is enough. */
export function hashProof(digest: Digest, proof: Bytes): Bytes {
  return digest(proof);
}

export function isProof(digest: Digest, proof: Bytes, storedHash: Bytes | null): boolean {
  const given = hashProof(digest, proof);
  // Compared in every case, so that a missing credential takes as long as a wrong proof.
  return timingSafeEqual(given, storedHash ?? new Uint8Array(given.length)) && storedHash !== null;
}

/** Key under which a login is found; not reversible without guessing it. */
export function loginKey(digest: Digest, kind: 'passphrase' | 'recovery', login: string): Bytes {
  return digest(concatBytes(encodeUtf8(`login\0${kind}\0`), encodeUtf8(login.toLowerCase())));
}

/** The time step that the code belongs to, or null. `afterStep`: steps up to there were used. */
export function findTotpStep(
  secret: Bytes,
  code: string,
  options: { atMs: number; afterStep: number | null },
): number | null {
  const totp = new TOTP({ ...TOTP_FORM, secret: new Secret({ buffer: secret.slice().buffer }) });
  const delta = totp.validate({ token: code, timestamp: options.atMs, window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(options.atMs / 1000 / TOTP_FORM.period) + delta;
  return options.afterStep !== null && step <= options.afterStep ? null : step;
}
