import { type Bytes, ok, type Result, type TimestampMs } from '@baton/kernel';
import { type DeviceCertificate, deviceCertificateCodec } from '@baton/wire';
import { type AccountView, accountSizeAt, findAccount, keyLogSize } from './keylog/lookups.ts';
import { type KeyLogState, keyLogOrg } from './keylog/state.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import type { Verify } from './ports.ts';
import { checkSignature, openSigned } from './signed-check.ts';

const DAY_MS = 86_400_000;

/** Longest life of a certificate by device class. A workstation's ends with the shift, so that nothing has to be revoked. */
export const MAX_CERTIFICATE_LIFE_MS = {
  personal: 91 * DAY_MS,
  workstation: DAY_MS,
  agent: 91 * DAY_MS,
} as const satisfies Record<DeviceCertificate['class'], number>;

/** A certificate that held when it was checked; keep it beside its hash and check the time again with `isCertificateCurrent`. */
export interface CheckedCertificate {
  readonly certificate: DeviceCertificate;
  /** What entries and envelopes name as `dk`. */
  readonly hash: Bytes;
}

export interface CertificateCheck {
  readonly verify: Verify;
  /** Moment for which the certificate must be valid. */
  readonly atMs: TimestampMs;
  /** Size of the key log to judge by; left out, the newest. */
  readonly size?: number;
}

/**
 * A device certificate: signed by the current identity key of an active account, in its time, not revoked. New objects are judged by the
 * newest log; objects in history by the log of the membership entry in force when they were written.
 */
export async function checkCertificate(
  state: KeyLogState,
  signedCertificate: Bytes,
  check: CertificateCheck,
): Promise<Result<CheckedCertificate, LedgerError>> {
  const opened = openSigned(state.digest, signedCertificate, {
    label: LABELS.device,
    codec: deviceCertificateCodec,
  });
  if (!opened.ok) return opened;
  const { body: certificate, hash, signed } = opened.value;
  if (certificate.org !== keyLogOrg(state)) return refuse('ledger.wrong_purpose', 'org');
  const account = findAccount(state, certificate.account, check.size);
  if (account === null || account.uik === null) return refuse('ledger.unknown_signer', 'account');
  const signature = await checkSignature(
    { digest: state.digest, verify: check.verify, label: LABELS.device, publicKey: account.uik },
    signed.b,
    signed.s,
  );
  // A certificate of an earlier identity fails here as well; the generation says which of the two it is.
  if (certificate.accountGen !== account.gen) return refuse('ledger.revoked', 'accountGen');
  if (!signature.ok) return signature;
  if ((certificate.class === 'agent') !== (account.kind === 'agent'))
    return refuse('ledger.wrong_purpose', 'class');
  if (certificate.notAfter - certificate.notBefore > MAX_CERTIFICATE_LIFE_MS[certificate.class])
    return refuse('ledger.wrong_purpose', 'notAfter');
  if (!account.active) return refuse('ledger.revoked', 'account');
  if (isCertificateRevoked(account, certificate)) return refuse('ledger.revoked', 'device');
  if (!isCertificateCurrent(certificate, check.atMs)) return refuse('ledger.expired', 'notAfter');
  return ok({ certificate, hash });
}

/**
 * The certificate behind an object that names no size of the key log (baton events, organisation records), for readers that come later:
 * good when it holds by the newest log, or by what the log said of the account when the object was committed. So a device that is revoked
 * or a person who leaves takes none of the acts along that came before. Whoever accepts a new object asks `checkCertificate`.
 */
export async function checkPastCertificate(
  state: KeyLogState,
  signedCertificate: Bytes,
  check: {
    readonly verify: Verify;
    /** The object's own time. */
    readonly atMs: TimestampMs;
    /** Its commit time. */
    readonly committedAtMs: TimestampMs;
  },
): Promise<Result<CheckedCertificate, LedgerError>> {
  const { verify, atMs, committedAtMs } = check;
  const now = await checkCertificate(state, signedCertificate, { verify, atMs });
  if (now.ok) return now;
  const opened = openSigned(state.digest, signedCertificate, {
    label: LABELS.device,
    codec: deviceCertificateCodec,
  });
  if (!opened.ok) return opened;
  const size = accountSizeAt(state, opened.value.body.account, committedAtMs);
  return size === keyLogSize(state)
    ? now
    : checkCertificate(state, signedCertificate, { verify, atMs, size });
}

/** notBefore <= atMs < notAfter */
export function isCertificateCurrent(certificate: DeviceCertificate, atMs: TimestampMs): boolean {
  return certificate.notBefore <= atMs && atMs < certificate.notAfter;
}

/** Whether the account's revocations end this certificate. One for all devices ends what was certified up to its time. */
function isCertificateRevoked(
  account: Pick<AccountView, 'revocations'>,
  certificate: DeviceCertificate,
): boolean {
  return account.revocations.some((revocation) => {
    if (revocation.device !== null) return revocation.device === certificate.device;
    return revocation.accountGen === certificate.accountGen && certificate.ts <= revocation.ts;
  });
}
