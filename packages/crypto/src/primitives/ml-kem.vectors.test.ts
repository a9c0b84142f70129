import { encodeHex } from '@baton/kernel';
import { shake128 } from '@noble/hashes/sha3.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { describe, expect, it } from 'vitest';
import { portablePrimitives, RUNTIMES, replayRng, subtle, systemRng } from './fixtures/runtimes.ts';
import { readVectors } from './fixtures/vectors.ts';
import { createMlKem768 } from './ml-kem.ts';

const { cases } = readVectors<{ rounds: number; digest: string }>('ml-kem-768-accumulated');

describe.each(RUNTIMES)('ML-KEM-768, %s', async (_name, create) => {
  const { support } = await create();
  const { support: portableSupport } = await portablePrimitives();
  const mlKem = createMlKem768({ subtle, rng: systemRng, support });

  it.each(cases)('accumulated, $name', async ({ rounds, digest }) => {
    const input = shake128.create({});
    const accumulated = shake128.create({ dkLen: 32 });
    for (let round = 0; round < rounds; round++) {
      const key = await mlKem.privateFromSeed(input.xof(64));
      accumulated.update(key.publicKey);
      // Only portable code can encapsulate with given randomness; the key and both decapsulations are the tested runtime's.
      const deterministic = createMlKem768({
        subtle,
        rng: replayRng(input.xof(32)),
        support: portableSupport,
      });
      const { ct, ss } = await (await deterministic.publicFromBytes(key.publicKey)).encapsulate();
      expect(encodeHex(await key.decapsulate(ct))).toBe(encodeHex(ss));
      accumulated
        .update(ct)
        .update(ss)
        .update(await key.decapsulate(input.xof(1088)));
    }
    expect(encodeHex(accumulated.digest())).toBe(digest);
  });

  it('encapsulates freshly every time, to what the other side finds', async () => {
    const key = await mlKem.privateFromSeed(new Uint8Array(64).fill(1));
    const publicKey = await mlKem.publicFromBytes(key.publicKey);
    const [a, b] = [await publicKey.encapsulate(), await publicKey.encapsulate()];
    expect(encodeHex(a.ct)).not.toBe(encodeHex(b.ct));
    expect(await key.decapsulate(a.ct)).toEqual(a.ss);
    expect(await key.decapsulate(b.ct)).toEqual(b.ss);
  });

  it('refuses a public key with any coefficient of q or more', async () => {
    const { publicKey } = ml_kem768.keygen(new Uint8Array(64).fill(2));
    for (const position of [0, 1, 2, 255, 256, 511, 766, 767]) {
      for (const value of [3329, 3330, 4095]) {
        const mutant = publicKey.slice();
        const at = (position >> 1) * 3;
        if (position % 2 === 0) {
          mutant[at] = value & 255;
          mutant[at + 1] = ((mutant[at + 1] as number) & 0xf0) | (value >> 8);
        } else {
          mutant[at + 1] = ((mutant[at + 1] as number) & 0x0f) | ((value & 15) << 4);
          mutant[at + 2] = value >> 4;
        }
        await expect(mlKem.publicFromBytes(mutant)).rejects.toMatchObject({ code: 'crypto.bad_key' });
      }
    }
    await expect(mlKem.publicFromBytes(publicKey)).resolves.toBeDefined();
  });

  it('refuses other lengths', async () => {
    const key = await mlKem.privateFromSeed(new Uint8Array(64));
    const wrong = { code: 'crypto.bad_length' };
    for (const off of [-1, 1]) {
      await expect(mlKem.privateFromSeed(new Uint8Array(64 + off))).rejects.toMatchObject(wrong);
      await expect(mlKem.publicFromBytes(new Uint8Array(1184 + off))).rejects.toMatchObject(wrong);
      await expect(key.decapsulate(new Uint8Array(1088 + off))).rejects.toMatchObject(wrong);
    }
  });
});
