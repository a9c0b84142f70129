import { webcrypto } from 'node:crypto';
import { nodeRng } from '@baton/client-node';
import { encodeBase64Url } from '@baton/kernel';

interface PublicParts {
  readonly kty: string;
  readonly kid: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** A private key for SMART Backend Services (ES384), as JWK. It never leaves the settings file. */
export async function makeSigningKey(): Promise<Record<string, unknown>> {
  const usages = ['sign', 'verify'] as const;
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, usages);
  const { kty, crv, x, y, d } = await webcrypto.subtle.exportKey('jwk', pair.privateKey);
  return { kty, crv, x, y, d, kid: encodeBase64Url(nodeRng.bytes(16)) };
}

/** What the record system is given: the public half, as a JWK set. */
export function publicKeySet({ kty, kid, crv, x, y, n, e }: PublicParts): {
  readonly keys: readonly object[];
} {
  const key = kty === 'EC' ? { kty, crv, x, y, alg: 'ES384' } : { kty, n, e, alg: 'RS384' };
  return { keys: [{ ...key, kid, use: 'sig', key_ops: ['verify'] }] };
}
