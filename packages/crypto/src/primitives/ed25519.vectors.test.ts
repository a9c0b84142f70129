import { encodeHex } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { RUNTIMES } from './fixtures/runtimes.ts';
import { hex, readVectors } from './fixtures/vectors.ts';

const signing = readVectors<{ seed: string; publicKey: string; message: string; signature: string }>(
  'ed25519-sign',
);
interface VerifyCase {
  publicKey: string;
  message: string;
  signature: string;
  valid: boolean;
}
const wycheproof = readVectors<VerifyCase>('ed25519-wycheproof');
const speccheck = readVectors<VerifyCase>('ed25519-speccheck');

describe.each(RUNTIMES)('Ed25519, %s', async (_name, create) => {
  const primitives = await create();

  it.each(signing.cases)('$name', async (each) => {
    const key = await primitives.signingKeyFromSeed(hex(each.seed));
    expect(encodeHex(key.publicKey)).toBe(each.publicKey);
    expect(encodeHex(await key.sign(hex(each.message)))).toBe(each.signature);
    expect(await primitives.verifyEd25519(key.publicKey, hex(each.message), hex(each.signature))).toBe(true);
  });

  it.each(wycheproof.cases)('wycheproof $name', async ({ publicKey, message, signature, valid }) => {
    expect(await primitives.verifyEd25519(hex(publicKey), hex(message), hex(signature))).toBe(valid);
  });

  it.each(speccheck.cases)('speccheck $name', async ({ publicKey, message, signature, valid }) => {
    expect(await primitives.verifyEd25519(hex(publicKey), hex(message), hex(signature))).toBe(valid);
  });
});
