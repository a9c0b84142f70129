import type { AccountId, CredentialId, OrgId } from '@baton/kernel';
import { type CheckedCertificate, checkCertificate, type KeyLogState } from '@baton/ledger';
import type { NewCredentialBody } from '@baton/wire';
import { startSession } from '../access/sessions.ts';
import { accept, ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import type { OrgTransaction } from '../store/database.ts';
import { saveCertificate } from '../store/devices.ts';
import { resetVault } from '../store/vaults.ts';
import { type PreparedCredential, prepareCredential, storeCredentials } from './add-credential.ts';
import { bytesOfText } from './bytes-of-text.ts';
import { describeSession, type SignedIn } from './describe-session.ts';

/** What a new account's first device brings, at a claim or at set-up. */
export interface NewAccount {
  readonly device: string;
  readonly vault: string;
  readonly credentials: readonly NewCredentialBody[];
  readonly bearer: boolean;
}

type Needs = Pick<Services, 'db' | 'ports' | 'keys' | 'config'>;

export interface PreparedAccount {
  readonly certificate: CheckedCertificate;
  readonly certificateBody: Uint8Array;
  readonly vault: Uint8Array;
  readonly credentials: readonly PreparedCredential[];
  readonly bearer: boolean;
}

/** Once for each request: a passkey's challenge counts once. */
export async function prepareCredentials(
  needs: Needs,
  owner: { readonly account: AccountId; readonly kind: 'user' | 'agent' | 'patient' },
  bodies: readonly NewCredentialBody[],
): Promise<PreparedCredential[]> {
  const credentials: PreparedCredential[] = [];
  for (const body of bodies) credentials.push(await prepareCredential(needs, owner, body));
  return credentials;
}

/** Checks all of it by the key log that holds the new account already. */
export async function prepareAccount(
  needs: Needs,
  at: { account: AccountId; keyLog: KeyLogState; credentials: readonly PreparedCredential[] },
  input: NewAccount,
): Promise<PreparedAccount> {
  const { ports } = needs;
  const certificateBody = bytesOfText(input.device, 'device');
  const certificate = accept(
    await checkCertificate(at.keyLog, certificateBody, { verify: ports.verify, atMs: ports.clock.nowMs() }),
  );
  if (certificate.certificate.account !== at.account) throw new ApiError('ledger.wrong_purpose', 'device');
  return {
    certificate,
    certificateBody,
    vault: bytesOfText(input.vault, 'vault'),
    credentials: at.credentials,
    bearer: input.bearer,
  };
}

/** Stores device, vault and credentials, and signs the account in, in the transaction that stored its statements. */
export async function storeAccount(
  needs: Pick<Needs, 'ports' | 'config'>,
  trx: OrgTransaction,
  at: { org: OrgId; account: AccountId; kind: 'user' | 'agent' | 'patient' },
  prepared: PreparedAccount,
): Promise<SignedIn> {
  const { ports, config } = needs;
  const { org, account, kind } = at;
  const { certificate, hash } = prepared.certificate;
  const atMs = ports.clock.nowMs();
  const saved = await saveCertificate(trx, {
    org,
    hash,
    body: prepared.certificateBody,
    certificate,
    atMs,
  });
  if (!saved) throw new ApiError('conflict.exists', 'device');
  await resetVault(trx, { org, account }, { version: 1, sealed: prepared.vault });
  await storeCredentials(trx, { org, account }, prepared.credentials);
  const first = prepared.credentials.find(({ row }) => row.wrap !== null) ?? prepared.credentials[0];
  const { session, token } = await startSession(ports, trx, {
    org,
    account,
    kind,
    device: certificate.device,
    credential: (first?.row.credential ?? null) as CredentialId | null,
    method: 'claim',
    cookie: !prepared.bearer,
  });
  const body = await describeSession(trx, session, {
    token: prepared.bearer ? token : null,
    demo: config.demo,
  });
  return { body, cookieToken: prepared.bearer ? null : token };
}
