import {
  type AccountId,
  type Bytes,
  type CredentialId,
  type DeviceId,
  encodeBase64Url,
  type OrgId,
} from '@baton/kernel';
import { findAccount, LABELS, signingInput } from '@baton/ledger';
import type { Certificates } from '../access/certificates.ts';
import { checkAssertion, claimedChallenge, claimedPasskeyId, relyingPartyOf } from '../access/passkeys.ts';
import { findTotpStep, isProof, loginKey } from '../access/proofs.ts';
import { type Session, startSession } from '../access/sessions.ts';
import { ApiError } from '../api-error.ts';
import { MAX_FAILURES } from '../config.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import {
  findPasskey,
  listCredentials,
  recordCredentialFailure,
  recordCredentialUse,
} from '../store/credentials.ts';
import { findDevice } from '../store/devices.ts';
import { findOrgOf } from '../store/locators.ts';
import { takeChallenge } from '../store/one-time.ts';
import type { CredentialRow, SessionRow } from '../store/schema.ts';
import { findLogin } from '../store/logins.ts';
import { bytesOfText } from './bytes-of-text.ts';
import { describeSession, type SignedIn } from './describe-session.ts';

export type SignInNeeds = Pick<Services, 'db' | 'ports' | 'keys' | 'config' | 'limits' | 'keyLogs'> & {
  readonly certificates: Certificates;
};

/** A credential that was proven just now. */
export interface Proven {
  readonly org: OrgId;
  readonly account: AccountId;
  readonly credential: CredentialId | null;
  readonly device: DeviceId | null;
  readonly method: SessionRow['method'];
}

/** By login and proof; with the authenticator's code for a passphrase. Unknown login, wrong proof and wrong code are one answer. */
export async function provePassphrase(
  needs: SignInNeeds,
  kind: 'passphrase' | 'recovery',
  input: { login: string; proof: string; totp: string | null; address: string },
): Promise<Proven> {
  const { ports, db, limits } = needs;
  const key = loginKey(ports.digest, kind, input.login);
  const subject = encodeBase64Url(key);
  await limits.spend('sign-in', { subject, address: input.address });
  const org = await findOrgOf(db.global, 'login', key);
  const row = await findLogin(db, org, { kind, key });
  const proven = await proveRow(needs, row, { kind, proof: input.proof, totp: input.totp });
  await limits.clear('sign-in', subject);
  return proven;
}

/** One-click sign-in of a demo persona; outside the demo there is no such credential and no such route. */
export async function proveDemo(
  needs: SignInNeeds,
  input: { account: AccountId; proof: string; address: string },
): Promise<Proven> {
  const { db, limits, config } = needs;
  if (!config.demo) throw new ApiError('request.not_found');
  await limits.spend('sign-in', { subject: null, address: input.address });
  const org = await findOrgOf(db.global, 'account', input.account);
  const rows = org === null ? [] : await db.inOrg(org, (trx) => listCredentials(trx, input.account));
  const row = rows.find(({ kind }) => kind === 'demo') ?? null;
  return proveRow(needs, row, { kind: 'demo', proof: input.proof, totp: null });
}

/** By a credential of an account that is signed in already. */
export async function proveOwn(
  needs: SignInNeeds,
  session: Session,
  input: { kind: 'passphrase' | 'demo'; proof: string; totp: string | null; address: string },
): Promise<Proven> {
  const { db, limits } = needs;
  await limits.spend('sign-in', { subject: session.account, address: input.address });
  const rows = await db.inOrg(session.org, (trx) => listCredentials(trx, session.account));
  const own = rows.filter(({ kind }) => kind === input.kind);
  const row = own.find(({ credential }) => credential === session.credential) ?? own[0] ?? null;
  const proven = await proveRow(needs, row, input);
  await limits.clear('sign-in', session.account);
  return proven;
}

async function proveRow(
  needs: SignInNeeds,
  row: CredentialRow | null,
  given: { kind: 'passphrase' | 'recovery' | 'demo'; proof: string; totp: string | null },
): Promise<Proven> {
  const { ports, db, keys } = needs;
  const atMs = ports.clock.nowMs();
  const proofFits = isProof(ports.digest, bytesOfText(given.proof, 'proof'), row?.proof_hash ?? null);
  // Done for an unknown login as well, on a secret of the same length.
  const sealed = row?.totp_sealed ?? null;
  const opened = sealed === null ? null : keys.openAtRest(sealed, `totp/${row?.account}/${row?.credential}`);
  const step =
    given.kind === 'passphrase'
      ? findTotpStep(opened ?? new Uint8Array(20), given.totp ?? '', {
          atMs,
          afterStep: row?.totp_last_step ?? null,
        })
      : null;
  const codeFits = given.kind !== 'passphrase' || (opened !== null && step !== null);
  const isGood = row !== null && row.kind === given.kind && proofFits && codeFits;
  if (row === null) throw new ApiError('auth.failed');
  const used = await db.inOrg(row.org as OrgId, async (trx) => {
    if (isGood) {
      const use = { credential: row.credential, atMs, totpStep: step, passkeyCounter: null };
      return recordCredentialUse(trx, use);
    }
    await recordCredentialFailure(trx, { credential: row.credential, atMs, most: MAX_FAILURES });
    return false;
  });
  if (!used) throw new ApiError('auth.failed');
  return provenBy(row, given.kind);
}

function provenBy(row: CredentialRow, method: SessionRow['method']): Proven {
  return {
    org: row.org as OrgId,
    account: row.account as AccountId,
    credential: row.credential as CredentialId,
    device: null,
    method,
  };
}

/** A passkey names its account itself; it is both factors, because the authenticator has verified the person. */
export async function provePasskey(
  needs: SignInNeeds,
  input: { response: Record<string, unknown>; address: string },
): Promise<Proven> {
  const { ports, db, limits, config } = needs;
  await limits.spend('sign-in', { subject: null, address: input.address });
  const atMs = ports.clock.nowMs();
  const challenge = claimedChallenge(input.response);
  const passkeyId = claimedPasskeyId(input.response);
  const taken = await takeChallenge(db.global, {
    hash: ports.digest(challenge),
    purpose: 'passkey-sign-in',
    atMs,
  });
  const org = await findOrgOf(db.global, 'passkey', ports.digest(passkeyId));
  const row = org === null ? null : await db.inOrg(org, (trx) => findPasskey(trx, passkeyId));
  const publicKey = row?.passkey_public ?? null;
  if (taken === null || row === null || publicKey === null) throw new ApiError('auth.failed');
  const counter = await checkAssertion(relyingPartyOf(config.publicUrl), input.response, {
    challenge,
    passkeyId,
    publicKey,
    counter: row.passkey_counter ?? 0,
  });
  await db.inOrg(row.org as OrgId, async (trx) => {
    if (counter === null)
      await recordCredentialFailure(trx, { credential: row.credential, atMs, most: MAX_FAILURES });
    else
      await recordCredentialUse(trx, {
        credential: row.credential,
        atMs,
        totpStep: null,
        passkeyCounter: counter,
      });
  });
  if (counter === null) throw new ApiError('auth.failed');
  return provenBy(row, 'passkey');
}

/** An agent, or a patient's phone, signs in by its device key over a challenge; the account must have a `device` credential. */
export async function proveDevice(
  needs: SignInNeeds,
  input: { account: AccountId; device: DeviceId; challenge: string; signature: string; address: string },
): Promise<Proven> {
  const { ports, db, limits, keyLogs, certificates } = needs;
  await limits.spend('sign-in', { subject: null, address: input.address });
  const challenge = bytesOfText(input.challenge, 'challenge', 32);
  const taken = await takeChallenge(db.global, {
    hash: ports.digest(challenge),
    purpose: 'device',
    atMs: ports.clock.nowMs(),
  });
  const org = await findOrgOf(db.global, 'account', input.account);
  if (taken?.account !== input.account || taken.device !== input.device || org === null)
    throw new ApiError('auth.failed');
  const { device, credential } = await db.inOrg(org, async (trx) => {
    const credentials = await listCredentials(trx, input.account);
    return {
      device: await findDevice(trx, input.device),
      credential: credentials.find(({ kind }) => kind === 'device') ?? null,
    };
  });
  if (device?.account !== input.account || device.revoked_at !== null || credential === null)
    throw new ApiError('auth.failed');
  const keyLog = await keyLogs.refresh(org);
  const { certificate } = await certificates.current({ org, keyLog }, device.certificate).catch((): never => {
    throw new ApiError('auth.failed');
  });
  const message = signingInput(ports.digest, LABELS.session, challenge);
  if (!(await ports.verify(certificate.pub, message, signatureOf(input.signature))))
    throw new ApiError('auth.failed');
  return { ...provenBy(credential, 'device'), device: input.device };
}

function signatureOf(text: string): Bytes {
  return bytesOfText(text, 'signature', 64);
}

/** Starts the session of a proven credential; an account that the key log has ended is refused like a wrong proof. */
export async function signIn(
  needs: SignInNeeds,
  proven: Proven,
  options: { bearer: boolean },
): Promise<SignedIn> {
  const { ports, db, keyLogs, config } = needs;
  const { org, account } = proven;
  const view = findAccount(await keyLogs.refresh(org), account);
  if (view === null || !view.active) throw new ApiError('auth.failed');
  return db.inOrg(org, async (trx) => {
    const { session, token } = await startSession(ports, trx, {
      ...proven,
      kind: view.kind,
      cookie: !options.bearer,
    });
    await appendAudit(trx, { org, atMs: ports.clock.nowMs() }, [
      {
        actor: account,
        session: session.session,
        action: `session.start.${proven.method}`,
        object: session.session,
        outcome: 'ok',
        code: null,
      },
    ]);
    const body = await describeSession(trx, session, {
      token: options.bearer ? token : null,
      demo: config.demo,
    });
    return { body, cookieToken: options.bearer ? null : token };
  });
}
