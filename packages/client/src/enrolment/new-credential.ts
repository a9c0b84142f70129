import {
  deriveDemoKeys,
  derivePasskeyWrapKey,
  deriveWordKeys,
  parsePassphrase,
  parseRecoveryWords,
  passkeyPrfInput,
  type Primitives,
  wrapUserMasterKey,
} from '@baton/crypto';
import {
  type AccountId,
  type Bytes,
  type CredentialId,
  encodeBase64Url,
  newId,
  type Rng,
  Secret,
} from '@baton/kernel';
import type { NewCredentialBody } from '@baton/wire';
import type { FirstCredential } from '../api/session.ts';
import { ClientError } from '../failure.ts';
import type { PasskeyAnswer, PasskeyPort } from '../ports/platform.ts';
import { decodeBase32 } from './base32.ts';

/** Every way to sign in that an account can be given, with its secret still in the clear. */
export type CredentialWish =
  | FirstCredential
  | { readonly kind: 'recovery'; readonly login: string; readonly words: readonly string[] }
  | { readonly kind: 'demo'; readonly label: string; readonly secret: Secret<Bytes> }
  | { readonly kind: 'device'; readonly label: string };

export interface CredentialPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly passkeys: PasskeyPort | null;
  /** PublicKeyCredentialCreationOptionsJSON from the server. */
  readonly passkeyOptions: () => Promise<Readonly<Record<string, unknown>>>;
}

/** Makes the body that the server keeps: a proof or a public key, and the user master key wrapped for this credential. */
export async function makeCredential(
  ports: CredentialPorts,
  wish: CredentialWish,
  owner: { readonly account: AccountId; readonly umk: Secret<Bytes> },
): Promise<NewCredentialBody> {
  const credential = newId('credential', ports.rng);
  const { account, umk } = owner;
  const wrap = async (wrapKey: Secret<Bytes>): Promise<string> =>
    encodeBase64Url(await wrapUserMasterKey(ports, { account, credential, wrapKey, umk }));
  switch (wish.kind) {
    case 'passphrase': {
      const words = parsePassphrase(wish.prepared.passphrase);
      const secret = decodeBase32(wish.prepared.totpSecret);
      if (!words.ok || !secret) throw new ClientError('request.invalid', 'passphrase');
      const login = canonicalLogin(wish.login);
      const keys = await deriveWordKeys(ports.primitives, { login, words: words.value });
      return {
        kind: 'passphrase',
        credential,
        label: 'Passphrase',
        login,
        proof: encodeBase64Url(keys.proof),
        totp: { secret: encodeBase64Url(secret), code: wish.prepared.code },
        wrap: await wrap(keys.wrapKey),
      };
    }
    case 'recovery': {
      const words = parseRecoveryWords(wish.words.join(' '));
      if (!words.ok) throw new ClientError('request.invalid', 'recovery');
      const login = canonicalLogin(wish.login);
      const keys = await deriveWordKeys(ports.primitives, { login, words: words.value });
      const proof = encodeBase64Url(keys.proof);
      return {
        kind: 'recovery',
        credential,
        label: 'Recovery words',
        login,
        proof,
        wrap: await wrap(keys.wrapKey),
      };
    }
    case 'demo': {
      const keys = await deriveDemoKeys(ports.primitives, wish.secret);
      const proof = encodeBase64Url(keys.proof);
      return { kind: 'demo', credential, label: wish.label, proof, wrap: await wrap(keys.wrapKey) };
    }
    case 'device':
      return { kind: 'device', credential, label: wish.label };
    case 'passkey': {
      const answer = await createPasskey(ports);
      return {
        kind: 'passkey',
        credential,
        label: wish.label,
        response: answer.response,
        wrap: answer.prf ? await wrap(await passkeyWrapKey(ports.primitives, answer.prf, credential)) : null,
      };
    }
  }
}

export function passkeyWrapKey(
  primitives: Primitives,
  prf: Bytes,
  credential: CredentialId,
): Promise<Secret<Bytes>> {
  return derivePasskeyWrapKey(primitives, { prf: Secret.of(prf), credential });
}

/** Logins are compared in lower case everywhere. */
export function canonicalLogin(login: string): string {
  return login.trim().toLowerCase();
}

async function createPasskey(ports: CredentialPorts): Promise<PasskeyAnswer> {
  if (!ports.passkeys) throw new ClientError('request.invalid', 'passkey');
  return ports.passkeys.create(await ports.passkeyOptions(), passkeyPrfInput(ports.primitives));
}
