import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Bytes, concatBytes, encodeBase64Url, encodeUint32, encodeUtf8 } from '@baton/kernel';
import { encodeCanonical } from '@baton/wire';
import { random } from './signing.ts';

/** An authenticator in software (WebAuthn Level 3 §6): one discoverable ES256 credential, no attestation. */
export class TestAuthenticator {
  readonly id: Bytes = random(32);
  readonly #key: KeyObject;
  readonly #publicKey: KeyObject;
  #counter = 0;
  /** What it says about the person: present and verified. */
  flags = 0x05;

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = pair.privateKey;
    this.#publicKey = pair.publicKey;
  }

  register(options: { challenge: string; rpId: string; origin: string }): Record<string, unknown> {
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' });
    // COSE_Key of ES256 (RFC 9053 §2.1): kty EC2, alg -7, crv P-256, x, y.
    const cose = encodeCanonical(
      new Map<number, number | Bytes>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
      ]),
    );
    const credential = concatBytes(new Uint8Array(16), Uint8Array.of(0, this.id.length), this.id, cose);
    const authData = concatBytes(this.#header(options.rpId, this.flags | 0x40), credential);
    return this.#response({
      clientDataJSON: clientData('webauthn.create', options),
      attestationObject: encodeBase64Url(encodeCanonical({ fmt: 'none', attStmt: {}, authData })),
      transports: ['internal'],
    });
  }

  assert(options: { challenge: string; rpId: string; origin: string }): Record<string, unknown> {
    this.#counter += 1;
    const authData = this.#header(options.rpId, this.flags);
    const json = clientData('webauthn.get', options);
    const clientHash = createHash('sha256').update(Buffer.from(json, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([authData, clientHash]), this.#key);
    return this.#response({
      clientDataJSON: json,
      authenticatorData: encodeBase64Url(authData),
      signature: encodeBase64Url(signature),
    });
  }

  #header(rpId: string, flags: number): Bytes {
    const rpHash = createHash('sha256').update(rpId).digest();
    return concatBytes(rpHash, Uint8Array.of(flags), encodeUint32(this.#counter));
  }

  #response(response: Record<string, unknown>): Record<string, unknown> {
    const id = encodeBase64Url(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }
}

function clientData(type: string, options: { challenge: string; origin: string }): string {
  const { challenge, origin } = options;
  return encodeBase64Url(encodeUtf8(JSON.stringify({ type, challenge, origin, crossOrigin: false })));
}
