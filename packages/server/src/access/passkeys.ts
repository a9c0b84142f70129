import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import {
  type AccountId,
  type Bytes,
  decodeBase64Url,
  decodeUtf8,
  encodeBase64Url,
  encodeUtf8,
} from '@baton/kernel';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';

/** Whom passkeys are made for: the host and origin of the public address. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

export function relyingPartyOf(publicUrl: string): RelyingParty {
  const url = new URL(publicUrl);
  return { id: url.hostname, origin: url.origin };
}

/** Discoverable, with user verification, so that a passkey is both factors and names nobody before it is used. */
export async function registrationOptions(
  party: RelyingParty,
  who: { account: AccountId; userName: string; challenge: Bytes },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return generateRegistrationOptions({
    rpName: 'Baton',
    rpID: party.id,
    userName: who.userName,
    userID: encodeUtf8(who.account).slice(),
    challenge: who.challenge.slice(),
    attestationType: 'none',
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
  });
}

export async function signInOptions(
  party: RelyingParty,
  challenge: Bytes,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge: challenge.slice(),
    userVerification: 'required',
    allowCredentials: [],
  });
}

const responseShape = z.looseObject({
  id: z.string().max(2048),
  rawId: z.string().max(2048),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(4096) }),
  clientExtensionResults: z.looseObject({}),
});
const clientDataShape = z.looseObject({ challenge: z.string().max(200) });

/** The challenge that a response claims to answer; it must then be found among those given out. */
export function claimedChallenge(response: Record<string, unknown>): Bytes {
  const parsed = responseShape.safeParse(response);
  const text = parsed.success ? decodeBase64Url(parsed.data.response.clientDataJSON) : null;
  const json = text === null ? null : decodeUtf8(text);
  const clientData = json === null ? null : clientDataShape.safeParse(parseJson(json));
  const challenge = clientData?.success === true ? decodeBase64Url(clientData.data.challenge) : null;
  if (challenge === null) throw new ApiError('request.invalid', 'response');
  return challenge;
}

/** The authenticator's id of the credential that a response comes from. */
export function claimedPasskeyId(response: Record<string, unknown>): Bytes {
  const parsed = responseShape.safeParse(response);
  const id = parsed.success ? decodeBase64Url(parsed.data.id) : null;
  if (id === null) throw new ApiError('request.invalid', 'response');
  return id;
}

export interface NewPasskey {
  readonly id: Bytes;
  readonly publicKey: Bytes;
  readonly counter: number;
  readonly transports: string[];
}

export async function checkRegistration(
  party: RelyingParty,
  response: Record<string, unknown>,
  challenge: Bytes,
): Promise<NewPasskey> {
  try {
    const result = await verifyRegistrationResponse({
      response: response as unknown as RegistrationResponseJSON,
      expectedChallenge: encodeBase64Url(challenge),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    });
    if (!result.verified) throw new ApiError('auth.failed', 'response');
    const { credential } = result.registrationInfo;
    const id = decodeBase64Url(credential.id);
    if (id === null) throw new ApiError('request.invalid', 'response');
    return {
      id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: [...(credential.transports ?? [])],
    };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('auth.failed', 'response');
  }
}

/** The authenticator's new counter, or null where the response does not hold. */
export async function checkAssertion(
  party: RelyingParty,
  response: Record<string, unknown>,
  expected: { challenge: Bytes; passkeyId: Bytes; publicKey: Bytes; counter: number },
): Promise<number | null> {
  try {
    const result = await verifyAuthenticationResponse({
      response: response as unknown as AuthenticationResponseJSON,
      expectedChallenge: encodeBase64Url(expected.challenge),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: encodeBase64Url(expected.passkeyId),
        publicKey: expected.publicKey.slice(),
        counter: expected.counter,
      },
    });
    return result.verified ? result.authenticationInfo.newCounter : null;
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
