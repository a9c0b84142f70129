import { encodeHex } from '@baton/kernel';
import { sha3_256 } from '@noble/hashes/sha3.js';
import { describe, expect, it } from 'vitest';
import { portablePrimitives, RUNTIMES, replayRng } from './fixtures/runtimes.ts';
import { hex, readVectors } from './fixtures/vectors.ts';

const { cases } = readVectors<{ seed: string; eseed: string; ss: string; pkSha3: string; ctSha3: string }>(
  'xwing',
);

describe.each(RUNTIMES)('X-Wing, %s', async (_name, create) => {
  const primitives = await create();

  it.each(cases)('draft vector $name', async ({ seed, eseed, ss, pkSha3, ctSha3 }) => {
    const key = await primitives.xwingKeyFromSeed(hex(seed));
    expect(encodeHex(sha3_256(key.publicKey))).toBe(pkSha3);
    // The portable code draws eseed in the draft's order: 32 bytes for ML-KEM, then 32 for X25519.
    const deterministic = await portablePrimitives(replayRng(hex(eseed)));
    const made = await deterministic.xwingEncapsulate(key.publicKey);
    expect(encodeHex(sha3_256(made.ct))).toBe(ctSha3);
    expect(encodeHex(made.ss)).toBe(ss);
    expect(encodeHex(await primitives.xwingDecapsulate(key, made.ct))).toBe(ss);
  });

  it('rejects implicitly: an altered ML-KEM half gives another secret, the same one each time', async () => {
    const key = await primitives.xwingKeyFromSeed(new Uint8Array(32).fill(1));
    const { ct, ss } = await primitives.xwingEncapsulate(key.publicKey);
    ct[5] = (ct[5] as number) ^ 1;
    const rejected = await primitives.xwingDecapsulate(key, ct);
    expect(rejected).toHaveLength(32);
    expect(rejected).not.toEqual(ss);
    expect(await primitives.xwingDecapsulate(key, ct)).toEqual(rejected);
  });

  it('refuses an X25519 half of small order, in a key and in a ciphertext', async () => {
    const key = await primitives.xwingKeyFromSeed(new Uint8Array(32).fill(1));
    const { ct } = await primitives.xwingEncapsulate(key.publicKey);
    for (const first of [0, 1]) {
      const lowOrder = new Uint8Array(32);
      lowOrder[0] = first;
      const weakKey = key.publicKey.slice();
      weakKey.set(lowOrder, 1184);
      ct.set(lowOrder, 1088);
      await expect(primitives.xwingEncapsulate(weakKey)).rejects.toMatchObject({ code: 'crypto.bad_key' });
      await expect(primitives.xwingDecapsulate(key, ct)).rejects.toMatchObject({ code: 'crypto.bad_key' });
    }
  });

  it('encapsulates to an imported key many times, freshly', async () => {
    const key = await primitives.xwingKeyFromSeed(new Uint8Array(32).fill(4));
    const imported = await primitives.importXwingPublicKey(key.publicKey);
    expect(imported.bytes).toEqual(key.publicKey);
    const made = await Promise.all(Array.from({ length: 5 }, () => primitives.xwingEncapsulate(imported)));
    expect(new Set(made.map(({ ct }) => encodeHex(ct))).size).toBe(5);
    for (const { ct, ss } of made) expect(await primitives.xwingDecapsulate(key, ct)).toEqual(ss);
  });

  it('refuses other lengths and holds nothing that prints', async () => {
    const seed = new Uint8Array(32).fill(0xab);
    const key = await primitives.xwingKeyFromSeed(seed);
    expect(JSON.stringify(key)).not.toContain('171,171,171');
    const wrong = { code: 'crypto.bad_length' };
    for (const off of [-1, 1]) {
      await expect(primitives.xwingKeyFromSeed(new Uint8Array(32 + off))).rejects.toMatchObject(wrong);
      await expect(primitives.xwingEncapsulate(new Uint8Array(1216 + off))).rejects.toMatchObject(wrong);
      await expect(primitives.xwingDecapsulate(key, new Uint8Array(1120 + off))).rejects.toMatchObject(wrong);
    }
  });
});
