import {
  CryptoError,
  type CredentialKeys,
  deriveDemoKeys,
  deriveWordKeys,
  parseDemoFragment,
  parsePassphrase,
  parseRecoveryWords,
  passkeyPrfInput,
  type Primitives,
  unwrapUserMasterKey,
} from '@baton/crypto';
import { type Bytes, decodeBase64Url, encodeBase64Url, type Secret } from '@baton/kernel';
import { passkeyOptions, type SessionBody, sessionBody, type WrapBody } from '@baton/wire';
import type { SignInProof } from '../api/session.ts';
import { canonicalLogin, passkeyWrapKey } from '../enrolment/new-credential.ts';
import { ClientError } from '../failure.ts';
import type { PasskeyPort } from '../ports/platform.ts';
import type { Rest } from '../rest/rest.ts';

export interface SignInPorts {
  readonly primitives: Primitives;
  readonly rest: Rest;
  readonly passkeys: PasskeyPort | null;
  readonly bearer: boolean;
}

export interface SignedIn {
  readonly session: SessionBody;
  /** User master key, unwrapped by the credential that was used. */
  readonly umk: Secret<Bytes>;
}

/** Proves who one is and unwraps the account's master key. What opens the vault never leaves this device. */
export async function signIn(ports: SignInPorts, proof: SignInProof): Promise<SignedIn> {
  switch (proof.kind) {
    case 'passphrase':
    case 'recovery':
      return signInByWords(ports, proof);
    case 'demo':
      return signInByDemoLink(ports, proof.fragment);
    case 'passkey':
      return signInByPasskey(ports);
  }
}

type WordsProof = Extract<SignInProof, { kind: 'passphrase' | 'recovery' }>;

/** The keys that typed words give. Words that cannot be right are refused here, before anything is sent. */
export async function wordKeys(primitives: Primitives, proof: WordsProof): Promise<CredentialKeys> {
  const words =
    proof.kind === 'passphrase' ? parsePassphrase(proof.passphrase) : parseRecoveryWords(proof.words);
  if (!words.ok) throw new ClientError('auth.failed', proof.kind);
  return deriveWordKeys(primitives, { login: canonicalLogin(proof.login), words: words.value });
}

async function signInByWords(ports: SignInPorts, proof: WordsProof): Promise<SignedIn> {
  const keys = await wordKeys(ports.primitives, proof);
  const session = await ports.rest.call({
    method: 'POST',
    path: `/auth/${proof.kind}`,
    body: {
      login: canonicalLogin(proof.login),
      proof: encodeBase64Url(keys.proof),
      totp: proof.kind === 'passphrase' ? proof.totp : null,
      bearer: ports.bearer,
    },
    answer: sessionBody,
  });
  return { session, umk: await unwrap(ports.primitives, session, keys.wrapKey) };
}

async function signInByDemoLink(ports: SignInPorts, fragment: string): Promise<SignedIn> {
  const link = parseDemoFragment(fragment);
  if (!link) throw new ClientError('auth.failed', 'demo');
  const keys = await deriveDemoKeys(ports.primitives, link.secret);
  const session = await ports.rest.call({
    method: 'POST',
    path: '/auth/demo',
    body: { account: link.account, proof: encodeBase64Url(keys.proof), bearer: ports.bearer },
    answer: sessionBody,
  });
  return { session, umk: await unwrap(ports.primitives, session, keys.wrapKey) };
}

async function signInByPasskey(ports: SignInPorts): Promise<SignedIn> {
  if (!ports.passkeys) throw new ClientError('auth.failed', 'passkey');
  const { flow, options } = await ports.rest.call({
    method: 'POST',
    path: '/auth/passkey/options',
    answer: passkeyOptions,
  });
  const { response, prf } = await ports.passkeys.get(options, passkeyPrfInput(ports.primitives));
  const session = await ports.rest.call({
    method: 'POST',
    path: '/auth/passkey',
    body: { flow, response, bearer: ports.bearer },
    answer: sessionBody,
  });
  const credential = session.wrap?.credential;
  if (!prf || !credential || session.wrap?.wrap === null)
    throw new ClientError('auth.failed', 'passkey.prf', {
      sentence:
        'This passkey cannot open your messages on this device. Use your passphrase or your recovery words.',
    });
  return {
    session,
    umk: await unwrap(ports.primitives, session, await passkeyWrapKey(ports.primitives, prf, credential)),
  };
}

async function unwrap(
  primitives: Primitives,
  session: SessionBody,
  wrapKey: Secret<Bytes>,
): Promise<Secret<Bytes>> {
  const wrap: WrapBody | null = session.wrap;
  const bytes = wrap?.wrap ? decodeBase64Url(wrap.wrap) : null;
  if (!wrap || !bytes) throw new ClientError('auth.failed', 'wrap');
  try {
    return await unwrapUserMasterKey(primitives, {
      account: session.account,
      credential: wrap.credential,
      wrapKey,
      wrap: bytes,
    });
  } catch (error) {
    // The server knew the proof, so the words were right: the wrap is not the one that this credential made.
    if (error instanceof CryptoError) throw new ClientError('ledger.bad_proof', 'wrap');
    throw error;
  }
}
