import { encodeHex } from '@baton/kernel';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { describe, expect, it } from 'vitest';
import { hkdfExtract } from './digest.ts';
import { RUNTIMES } from './fixtures/runtimes.ts';
import { hex, readVectors } from './fixtures/vectors.ts';

interface HashCase {
  algorithm: 'SHA-256' | 'SHA3-256' | 'SHAKE256';
  message: string;
  digest: string;
}
const hashes = readVectors<HashCase>('hashes').cases;
const macs = readVectors<{ key: string; message: string; mac: string }>('hmac-sha256').cases;
const derivations = readVectors<{
  ikm: string;
  salt: string;
  info: string;
  length: number;
  prk: string;
  okm: string;
}>('hkdf-sha256').cases;

describe('the SHA-3 functions that X-Wing uses', () => {
  it.each(hashes.filter((each) => each.algorithm !== 'SHA-256'))(
    '$name',
    ({ algorithm, message, digest }) => {
      const actual =
        algorithm === 'SHA3-256'
          ? sha3_256(hex(message))
          : shake256(hex(message), { dkLen: digest.length / 2 });
      expect(encodeHex(actual)).toBe(digest);
    },
  );
});

describe.each(RUNTIMES)('%s', async (_name, create) => {
  const primitives = await create();

  it.each(hashes.filter((each) => each.algorithm === 'SHA-256'))('$name', ({ message, digest }) => {
    expect(encodeHex(primitives.sha256(hex(message)))).toBe(digest);
  });

  it.each(macs)('HMAC-SHA-256 RFC 4231 $name', ({ key, message, mac }) => {
    expect(encodeHex(primitives.hmacSha256(hex(key), hex(message)))).toBe(mac);
  });

  it.each(derivations)('HKDF RFC 5869 $name', async ({ ikm, salt, info, length, prk, okm }) => {
    const output = { salt: hex(salt), info: hex(info), length };
    expect(encodeHex(await primitives.hkdfSha256({ ikm: hex(ikm), ...output }))).toBe(okm);
    const key = await primitives.importHkdfKey(hex(ikm));
    expect(encodeHex(await primitives.hkdfFromHandle(key, output))).toBe(okm);
    expect(encodeHex(primitives.hkdfExpand({ prk: hex(prk), info: hex(info), length }))).toBe(okm);
    expect(encodeHex(hkdfExtract(hex(salt), hex(ikm)))).toBe(prk);
  });

  it('refuses derived lengths and contexts that some runtime could not serve', async () => {
    const key = await primitives.importHkdfKey(new Uint8Array(32));
    const output = { salt: new Uint8Array(0), info: new Uint8Array(0), length: 32 };
    for (const wrong of [{ length: 0 }, { length: 8161 }, { length: 1.5 }, { info: new Uint8Array(1025) }]) {
      await expect(primitives.hkdfFromHandle(key, { ...output, ...wrong })).rejects.toMatchObject({
        code: 'crypto.bad_length',
      });
    }
    await expect(primitives.hkdfFromHandle(key, { ...output, length: 8160 })).resolves.toHaveLength(8160);
    expect(() => primitives.hkdfExpand({ prk: new Uint8Array(31), info: output.info, length: 32 })).toThrow(
      expect.objectContaining({ code: 'crypto.bad_length' }),
    );
  });
});
