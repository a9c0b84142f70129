import type { AccountId, Bytes, OrgId } from '@baton/kernel';
import type { NewCredentialBody } from '@baton/wire';
import { checkRegistration, claimedChallenge, relyingPartyOf } from '../access/passkeys.ts';
import { findTotpStep, hashProof, loginKey } from '../access/proofs.ts';
import { ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { insertCredential } from '../store/credentials.ts';
import type { OrgTransaction } from '../store/database.ts';
import { addLocator } from '../store/locators.ts';
import { takeChallenge } from '../store/one-time.ts';
import type { NewCredentialRow } from '../store/schema.ts';
import { bytesOfText, bytesOrNull } from './bytes-of-text.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keys' | 'config'>;

/** A credential that was checked and may be stored. */
export interface PreparedCredential {
  readonly row: Omit<NewCredentialRow, 'org' | 'account'>;
  readonly locator: { readonly kind: 'login' | 'passkey'; readonly key: Bytes } | null;
}

/** Checks a new credential before any transaction: proofs of possession, and what this server allows. */
export async function prepareCredential(
  needs: Needs,
  owner: { readonly account: AccountId; readonly kind: 'user' | 'agent' | 'patient' },
  body: NewCredentialBody,
): Promise<PreparedCredential> {
  const { ports, keys, config } = needs;
  const { account } = owner;
  const atMs = ports.clock.nowMs();
  const row: PreparedCredential['row'] = {
    credential: body.credential,
    kind: body.kind,
    label: body.label,
    login_key: null,
    proof_hash: null,
    totp_sealed: null,
    totp_last_step: null,
    passkey_id: null,
    passkey_public: null,
    passkey_counter: null,
    passkey_transports: null,
    wrap: 'wrap' in body ? bytesOrNull(body.wrap, 'wrap') : null,
    created_at: atMs,
    last_used_at: null,
    disabled_at: null,
  };
  switch (body.kind) {
    case 'device':
      // A device key alone is one factor: staff have two.
      if (owner.kind === 'user') throw new ApiError('policy.forbidden', 'kind');
      return { row, locator: null };
    case 'demo': {
      if (!config.demo) throw new ApiError('policy.forbidden', 'kind');
      return { row: { ...row, proof_hash: proofHashOf(needs, body.proof) }, locator: null };
    }
    case 'recovery': {
      const key = loginKey(ports.digest, 'recovery', body.login);
      return {
        row: { ...row, login_key: key, proof_hash: proofHashOf(needs, body.proof) },
        locator: { kind: 'login', key },
      };
    }
    case 'passphrase': {
      const secret = bytesOfText(body.totp.secret, 'totp.secret');
      const isLongEnough = secret.length >= 16;
      if (!isLongEnough || findTotpStep(secret, body.totp.code, { atMs, afterStep: null }) === null)
        throw new ApiError('auth.failed', 'totp.code');
      const key = loginKey(ports.digest, 'passphrase', body.login);
      return {
        row: {
          ...row,
          login_key: key,
          proof_hash: proofHashOf(needs, body.proof),
          totp_sealed: keys.sealAtRest(secret, `totp/${account}/${body.credential}`),
        },
        locator: { kind: 'login', key },
      };
    }
    case 'passkey': {
      const challenge = claimedChallenge(body.response);
      const taken = await takeChallenge(needs.db.global, {
        hash: ports.digest(challenge),
        purpose: 'passkey-register',
        atMs,
      });
      if (taken?.account !== account) throw new ApiError('auth.failed', 'response');
      const passkey = await checkRegistration(relyingPartyOf(config.publicUrl), body.response, challenge);
      return {
        row: {
          ...row,
          passkey_id: passkey.id,
          passkey_public: passkey.publicKey,
          passkey_counter: passkey.counter,
          passkey_transports: passkey.transports,
        },
        locator: { kind: 'passkey', key: ports.digest(passkey.id) },
      };
    }
  }
}

/** Stores prepared credentials. A login or passkey that is taken is `conflict.exists`, whoever has it. */
export async function storeCredentials(
  trx: OrgTransaction,
  owner: { org: OrgId; account: AccountId },
  credentials: readonly PreparedCredential[],
): Promise<void> {
  for (const { row, locator } of credentials) {
    if (locator !== null && !(await addLocator(trx, { ...locator, org: owner.org })))
      throw new ApiError('conflict.exists', locator.kind === 'login' ? 'login' : 'response');
    if (!(await insertCredential(trx, { ...row, ...owner })))
      throw new ApiError('conflict.exists', 'credential');
  }
}

function proofHashOf({ ports }: Needs, proof: string): Bytes {
  return hashProof(ports.digest, bytesOfText(proof, 'proof', 32));
}
