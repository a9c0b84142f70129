import { encodeBase64Url, encodeUtf8, type Clock, type Rng } from '@baton/kernel';
import { z } from 'zod';
import type { FhirSettings, PrivateJwk } from '../settings.ts';
import { FhirFailure } from './fhir-failure.ts';

type SmartAuth = Extract<FhirSettings['auth'], { kind: 'smart' }>;

/** An assertion may live for five minutes (SMART App Launch 2.0, Backend Services). */
const ASSERTION_MS = 4 * 60_000;
/** A token is asked for again so long before it ends. */
const EARLY_MS = 60_000;

const answer = z.looseObject({
  access_token: z.string().min(1).max(20_000),
  expires_in: z.number().positive().max(86_400).default(300),
});

export interface TokenPorts {
  readonly clock: Clock;
  readonly rng: Rng;
  /** Sends a form; the answer's status and JSON. */
  readonly post: (
    url: string,
    form: URLSearchParams,
  ) => Promise<{ readonly status: number; readonly json: unknown }>;
}

/** Access tokens of SMART Backend Services: an assertion signed by the practice's own key, for a token that lives for minutes. */
export class SmartTokens {
  readonly #auth: SmartAuth;
  readonly #ports: TokenPorts;
  #token: { readonly text: string; readonly until: number } | null = null;

  constructor(auth: SmartAuth, ports: TokenPorts) {
    this.#auth = auth;
    this.#ports = ports;
  }

  /** Throws FhirFailure `token-...`. */
  async get(): Promise<string> {
    const { clock } = this.#ports;
    if (this.#token !== null && this.#token.until > clock.nowMs()) return this.#token.text;
    const { tokenUrl, scope } = this.#auth;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await this.#assert(),
    });
    const { status, json } = await this.#ports.post(tokenUrl, form);
    const parsed = answer.safeParse(json);
    if (status !== 200 || !parsed.success)
      throw new FhirFailure(`token-${status}`, status >= 500 || status === 429);
    const until = clock.nowMs() + parsed.data.expires_in * 1000 - EARLY_MS;
    this.#token = { text: parsed.data.access_token, until };
    return this.#token.text;
  }

  /** The server would not have it: the next one is a new one. */
  forget(): void {
    this.#token = null;
  }

  async #assert(): Promise<string> {
    const { clock, rng } = this.#ports;
    const { clientId, tokenUrl, key } = this.#auth;
    const part = (value: unknown): string => encodeBase64Url(encodeUtf8(JSON.stringify(value)));
    const header = { alg: key.kty === 'EC' ? 'ES384' : 'RS384', kid: key.kid, typ: 'JWT' };
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: tokenUrl,
      exp: Math.floor((clock.nowMs() + ASSERTION_MS) / 1000),
      jti: encodeBase64Url(rng.bytes(18)),
    };
    const signed = `${part(header)}.${part(claims)}`;
    const signature = await sign(key, new Uint8Array(encodeUtf8(signed)));
    return `${signed}.${encodeBase64Url(signature)}`;
  }
}

async function sign(key: PrivateJwk, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { kid: _kid, ...jwk } = key;
  const imported =
    key.kty === 'EC'
      ? { name: 'ECDSA', namedCurve: 'P-384' }
      : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' };
  try {
    const usable = await crypto.subtle.importKey('jwk', jwk, imported, false, ['sign']);
    const how = key.kty === 'EC' ? { name: 'ECDSA', hash: 'SHA-384' } : { name: 'RSASSA-PKCS1-v1_5' };
    return new Uint8Array(await crypto.subtle.sign(how, usable, bytes));
  } catch {
    throw new FhirFailure('token-key', false);
  }
}
