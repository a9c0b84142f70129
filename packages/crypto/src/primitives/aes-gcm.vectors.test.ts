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

describe.each(RUNTIMES)('AES-256-GCM, %s', async (_name, create) => {
  const primitives = await create();

  it.each(cases)('$name', async (each) => {
    const [key, nonce, aad] = [hex(each.key), hex(each.nonce), hex(each.aad)];
    const sealed = concatBytes(hex(each.ciphertext), hex(each.tag));
    if (each.plaintext === null) {
      await expect(primitives.aesGcmOpen({ key, nonce, sealed, aad })).rejects.toMatchObject({
        code: 'crypto.open_failed',
      });
      return;
    }
    const plaintext = hex(each.plaintext);
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
