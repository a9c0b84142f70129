import { encodeUtf8, Secret } from '@baton/kernel';
import { expect, it } from 'vitest';
import { systemRng } from '../primitives/fixtures/runtimes.ts';
import { encodeBase32, generateTotpSecret, otpauthAddress } from './totp-secret.ts';

it('writes base32 as RFC 4648 §10 does', () => {
  const known = {
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  };
  for (const [text, encoded] of Object.entries(known)) expect(encodeBase32(encodeUtf8(text))).toBe(encoded);
  expect(encodeBase32(new Uint8Array(0))).toBe('');
});

it('gives an address that an app reads', () => {
  const secret = Secret.of(encodeUtf8('12345678901234567890'));
  const address = new URL(otpauthAddress({ issuer: 'Baton & Co', login: 'ann@ward', secret }));
  expect(address.protocol).toBe('otpauth:');
  expect(address.searchParams.get('secret')).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  expect(address.searchParams.get('issuer')).toBe('Baton & Co');
  expect(decodeURIComponent(address.pathname)).toBe('/Baton & Co:ann@ward');
  expect(generateTotpSecret(systemRng).reveal()).toHaveLength(20);
});
