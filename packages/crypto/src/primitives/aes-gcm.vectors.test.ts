import { concatBytes, encodeHex } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { RUNTIMES } from './fixtures/runtimes.ts';
import { hex, readVectors } from './fixtures/vectors.ts';

interface GcmCase {
  key: string;
  nonce: string;
  aad: string;
  ciphertext: string;
  tag: string;
  plaintext: string | null;
}
const { cases } = readVectors<GcmCase>('aes-256-gcm-cavp');

const parse = (each: GcmCase) => ({
  key: hex(each.key),
  nonce: hex(each.nonce),
  aad: hex(each.aad),
  sealed: concatBytes(hex(each.ciphertext), hex(each.tag)),
});

describe.each(RUNTIMES)('AES-256-GCM, %s', async (_name, create) => {
  const primitives = await create();

  it.each(cases.filter((each) => each.plaintext === null))('refuses $name', async (each) => {
    await expect(primitives.aesGcmOpen(parse(each))).rejects.toMatchObject({ code: 'crypto.open_failed' });
  });

  it.each(cases.filter((each) => each.plaintext !== null))('$name', async (each) => {
    const { key, nonce, aad, sealed } = parse(each);
    const plaintext = hex(each.plaintext ?? '');
    const imported = await primitives.importAesKey(key);
    for (const either of [key, imported]) {
      expect(encodeHex(await primitives.aesGcmSeal({ key: either, nonce, plaintext, aad }))).toBe(
        encodeHex(sealed),
      );
      expect(encodeHex(await primitives.aesGcmOpen({ key: either, nonce, sealed, aad }))).toBe(
        each.plaintext,
      );
    }
  });
});
