import { inspect } from 'node:util';
import { concatBytes } from '@baton/kernel';
import { ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { isWellFormedSignature } from './ed25519-form.ts';
import { createPrimitives } from './primitives.ts';
import { nativePrimitives, portablePrimitives, RUNTIMES, subtle, systemRng } from './fixtures/runtimes.ts';
import { hex } from './fixtures/vectors.ts';

const MESSAGE = new Uint8Array([1, 2, 3]);
const FIELD_PRIME = (1n << 255n) - 19n;

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

it('holds a native device key that nothing can export', async () => {
  const { cryptoKey } = await (await nativePrimitives()).generateDeviceKey();
  const handle = cryptoKey as Parameters<typeof subtle.exportKey>[1];
  expect(handle.extractable).toBe(false);
  await expect(subtle.exportKey('pkcs8', handle)).rejects.toThrow('not extractable');
  await expect(subtle.exportKey('jwk', handle)).rejects.toThrow('not extractable');
});

it('has no handle for a portable device key', async () => {
  expect((await (await portablePrimitives()).generateDeviceKey()).cryptoKey).toBeNull();
});

it('knows the points of small order, as key and as R, and no other', async () => {
  const { publicKey } = await (await nativePrimitives()).generateDeviceKey();
  const signature = concatBytes(publicKey, new Uint8Array(32));
  expect(isWellFormedSignature(publicKey, signature)).toBe(true);
  expect(ED25519_TORSION_SUBGROUP).toHaveLength(8);
  for (const point of ED25519_TORSION_SUBGROUP.map((text) => Uint8Array.from(Buffer.from(text, 'hex')))) {
    expect(isWellFormedSignature(point, signature)).toBe(false);
    expect(isWellFormedSignature(publicKey, concatBytes(point, new Uint8Array(32)))).toBe(false);
  }
  expect(isWellFormedSignature(littleEndian(FIELD_PRIME), signature)).toBe(false);
  expect(isWellFormedSignature(littleEndian(FIELD_PRIME - 2n), signature)).toBe(true);
});

it('finds the public key of a seed where the runtime names it in a JWK only, or not at all', async () => {
  const seed = systemRng.bytes(32);
  const { publicKey } = await (await portablePrimitives()).signingKeyFromSeed(seed);
  for (const hidden of [['getPublicKey'], ['getPublicKey', 'exportKey']]) {
    const older = new Proxy(subtle, {
      get(target, name: keyof typeof subtle): unknown {
        if (hidden.includes(name)) return undefined;
        const value: unknown = target[name];
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
    const primitives = await createPrimitives({ subtle: older, rng: systemRng });
    expect(primitives.support.ed25519).toBe('native');
    const key = await primitives.signingKeyFromSeed(seed);
    expect(key.publicKey).toEqual(publicKey);
    expect(key.cryptoKey?.extractable).toBe(false);
  }
});

describe.each(RUNTIMES)('Ed25519 keys, %s', async (_name, create) => {
  const primitives = await create();

  it('signs with a device key', async () => {
    const key = await primitives.generateDeviceKey();
    expect(key.publicKey).toHaveLength(32);
    expect(await primitives.verifyEd25519(key.publicKey, MESSAGE, await key.sign(MESSAGE))).toBe(true);
  });

  it('prints nothing of a private key', async () => {
    const seed = new Uint8Array(32).fill(0xab);
    const key = await primitives.signingKeyFromSeed(seed);
    const printed = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key);
    expect(printed).not.toMatch(/171|abab|q6ur/);
  });

  it('makes another device key every time', async () => {
    const [a, b] = [await primitives.generateDeviceKey(), await primitives.generateDeviceKey()];
    expect(a.publicKey).not.toEqual(b.publicKey);
  });

  it('takes a stored handle back, with its own public key only', async () => {
    const pair = await subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('expected a pair');
    const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
    const key = await primitives.signingKeyFromCryptoKey(pair.privateKey, publicKey);
    expect(await primitives.verifyEd25519(publicKey, MESSAGE, await key.sign(MESSAGE))).toBe(true);

    const other = (await primitives.generateDeviceKey()).publicKey;
    for (const wrong of [other, new Uint8Array(32), publicKey.slice(0, 31)]) {
      await expect(primitives.signingKeyFromCryptoKey(pair.privateKey, wrong)).rejects.toMatchObject({
        code: 'crypto.bad_key',
      });
    }
    await expect(primitives.signingKeyFromCryptoKey(pair.publicKey, publicKey)).rejects.toMatchObject({
      code: 'crypto.bad_key',
    });
  });

  it('refuses seeds of another length', async () => {
    for (const length of [0, 31, 33, 64]) {
      await expect(primitives.signingKeyFromSeed(new Uint8Array(length))).rejects.toMatchObject({
        code: 'crypto.bad_length',
      });
    }
  });

  it('keeps its own copy of the seed', async () => {
    const seed = new Uint8Array(32).fill(5);
    const key = await primitives.signingKeyFromSeed(seed);
    seed.fill(0);
    expect(await primitives.verifyEd25519(key.publicKey, MESSAGE, await key.sign(MESSAGE))).toBe(true);
  });

  it('answers false, never an error, for malformed keys and signatures', async () => {
    const key = await primitives.signingKeyFromSeed(new Uint8Array(32).fill(5));
    const signature = await key.sign(MESSAGE);
    const anyKey = (length: number) => concatBytes(key.publicKey, new Uint8Array(64)).slice(0, length);
    const anySignature = (length: number) => concatBytes(signature, new Uint8Array(64)).slice(0, length);
    for (const length of [0, 1, 31, 33, 64]) {
      expect(await primitives.verifyEd25519(anyKey(length), MESSAGE, signature)).toBe(false);
    }
    for (const length of [0, 1, 63, 65, 128]) {
      expect(await primitives.verifyEd25519(key.publicKey, MESSAGE, anySignature(length))).toBe(false);
    }
    // 2 is no y coordinate of the curve: the bytes decode to no point at all.
    expect(await primitives.verifyEd25519(littleEndian(2n), MESSAGE, signature)).toBe(false);
  });

  it('refuses every key of small order, with whatever sign bit, and keys that are not canonical', async () => {
    // R = identity, S = 0 satisfies the equation under the identity key for every message.
    const universal = concatBytes(littleEndian(1n), new Uint8Array(32));
    const keys = ED25519_TORSION_SUBGROUP.map(hex).flatMap((key) => {
      const flipped = key.slice();
      flipped[31] = (flipped[31] as number) ^ 0x80;
      return [key, flipped];
    });
    for (let y = FIELD_PRIME; y < 1n << 255n; y++) keys.push(littleEndian(y));
    expect(keys).toHaveLength(16 + 19);
    for (const key of keys) expect(await primitives.verifyEd25519(key, MESSAGE, universal)).toBe(false);
  });
});
