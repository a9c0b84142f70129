import { ClientError, type PasskeyAnswer, type PasskeyPort } from '@baton/client';
import { type Bytes, encodeBase64Url } from '@baton/kernel';
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';

const PRF_BYTES = 32;

/** WebAuthn of this browser, with the PRF extension (WebAuthn Level 3 §10.1.4) asked for at creation and at every use. */
export const webPasskeys: PasskeyPort = {
  async isAvailable() {
    return browserSupportsWebAuthn();
  },
  async create(options, prfSalt) {
    const optionsJSON = withPrf(options, prfSalt) as unknown as PublicKeyCredentialCreationOptionsJSON;
    const made = splitAnswer(await startRegistration({ optionsJSON }).catch(refuse));
    return made.prf || !hasPrf(made) ? made : { ...made, prf: await askAgain(optionsJSON, made, prfSalt) };
  },
  async get(options, prfSalt) {
    const optionsJSON = withPrf(options, prfSalt) as unknown as PublicKeyCredentialRequestOptionsJSON;
    return splitAnswer(await startAuthentication({ optionsJSON }).catch(refuse));
  },
};

function hasPrf({ response }: PasskeyAnswer): boolean {
  const { prf } = (response['clientExtensionResults'] ?? {}) as { prf?: { enabled?: boolean } };
  return prf?.enabled === true;
}

/**
 * Many authenticators evaluate the PRF when a passkey is used and not when it is made (WebAuthn Level 3 §10.1.4): it is used once, here. Nothing
 * of that goes to the server, so the challenge is this page's own. null where the person, or the browser, does not go along.
 */
async function askAgain(
  { rp }: PublicKeyCredentialCreationOptionsJSON,
  made: PasskeyAnswer,
  prfSalt: Bytes,
): Promise<Bytes | null> {
  const own = {
    challenge: encodeBase64Url(crypto.getRandomValues(new Uint8Array(32))),
    ...(rp.id !== undefined && { rpId: rp.id }),
    allowCredentials: [{ id: made.response['id'], type: 'public-key' }],
    userVerification: 'required',
  };
  const optionsJSON = withPrf(own, prfSalt) as unknown as PublicKeyCredentialRequestOptionsJSON;
  const used = await startAuthentication({ optionsJSON }).catch(() => null);
  return used && splitAnswer(used).prf;
}

/** Browsers do not tell a person who declined from an authenticator that has nothing to offer; both may try again. */
function refuse(error: unknown): never {
  const isKnownAlready = error instanceof Error && error.name === 'InvalidStateError';
  throw new ClientError('auth.failed', 'passkey', {
    sentence: isKnownAlready
      ? 'This device has a passkey for this account already.'
      : 'The passkey was not used. Try again, or choose another way to sign in.',
  });
}

/** The library hands extensions on to the browser as they are, so the salt goes in as bytes. */
export function withPrf(
  options: Readonly<Record<string, unknown>>,
  prfSalt: Bytes,
): Readonly<Record<string, unknown>> {
  const extensions = (options['extensions'] ?? {}) as Readonly<Record<string, unknown>>;
  return { ...options, extensions: { ...extensions, prf: { eval: { first: new Uint8Array(prfSalt) } } } };
}

/**
 * Takes the secret out of what goes to the server: the PRF result unlocks the vault, and the library leaves it among the extension results
 * of the answer.
 */
export function splitAnswer(answer: object): PasskeyAnswer {
  const { clientExtensionResults, ...rest } = answer as Record<string, unknown>;
  const { prf, ...others } = (clientExtensionResults ?? {}) as Record<string, unknown>;
  const { results, enabled } = (prf ?? {}) as { results?: { first?: unknown }; enabled?: unknown };
  const named = typeof enabled === 'boolean' ? { prf: { enabled } } : {};
  return {
    response: { ...rest, clientExtensionResults: { ...others, ...named } },
    prf: asSecret(results?.first),
  };
}

function asSecret(value: unknown): Bytes | null {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
    : value instanceof ArrayBuffer
      ? new Uint8Array(value)
      : null;
  return bytes?.length === PRF_BYTES ? bytes : null;
}
