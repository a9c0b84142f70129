import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativePrimitives, portablePrimitives } from './fixtures/runtimes.ts';

const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });

describe('native and portable code agree', async () => {
  const native = await nativePrimitives();
  const portable = await portablePrimitives();

  it('on digests and derived keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        bytes(0, 200),
        bytes(0, 200),
        bytes(0, 200),
        fc.integer({ min: 1, max: 300 }),
        async (ikm, salt, info, length) => {
          expect(native.sha256(ikm)).toEqual(portable.sha256(ikm));
          const input = { ikm, salt, info, length };
          expect(await native.hkdfSha256(input)).toEqual(await portable.hkdfSha256(input));
          const prk = native.hmacSha256(salt, ikm);
          expect(native.hkdfExpand({ prk, info, length })).toEqual(await native.hkdfSha256(input));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('on sealed bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        bytes(32),
        bytes(12),
        bytes(0, 100),
        bytes(0, 500),
        async (key, nonce, aad, plaintext) => {
          const sealed = await native.aesGcmSeal({ key, nonce, aad, plaintext });
          expect(await portable.aesGcmSeal({ key, nonce, aad, plaintext })).toEqual(sealed);
          expect(await portable.aesGcmOpen({ key, nonce, aad, sealed })).toEqual(plaintext);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('on signatures, and on every altered one', async () => {
    await fc.assert(
      fc.asyncProperty(
        bytes(32),
        bytes(0, 200),
        fc.nat(511),
        fc.nat(255),
        async (seed, message, sigBit, keyBit) => {
          const [a, b] = [await native.signingKeyFromSeed(seed), await portable.signingKeyFromSeed(seed)];
          expect(a.publicKey).toEqual(b.publicKey);
          const signature = await a.sign(message);
          expect(await b.sign(message)).toEqual(signature);

          const altered = signature.slice();
          altered[sigBit >> 3] = (altered[sigBit >> 3] as number) ^ (1 << (sigBit & 7));
          const alteredKey = a.publicKey.slice();
          alteredKey[keyBit >> 3] = (alteredKey[keyBit >> 3] as number) ^ (1 << (keyBit & 7));
          for (const verifier of [native, portable]) {
            expect(await verifier.verifyEd25519(a.publicKey, message, signature)).toBe(true);
            expect(await verifier.verifyEd25519(a.publicKey, message, altered)).toBe(false);
            expect(await verifier.verifyEd25519(alteredKey, message, signature)).toBe(false);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('on arbitrary keys and signatures', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(32), bytes(0, 50), bytes(64), async (publicKey, message, signature) => {
        const verdict = await native.verifyEd25519(publicKey, message, signature);
        expect(await portable.verifyEd25519(publicKey, message, signature)).toBe(verdict);
      }),
      { numRuns: 60 },
    );
  });

  it('on X-Wing keys, secrets and implicit rejections', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(32), fc.nat(1088 * 8 - 1), async (seed, bit) => {
        const [a, b] = [await native.xwingKeyFromSeed(seed), await portable.xwingKeyFromSeed(seed)];
        expect(a.publicKey).toEqual(b.publicKey);
        for (const sealer of [native, portable]) {
          const { ct, ss } = await sealer.xwingEncapsulate(a.publicKey);
          expect(await native.xwingDecapsulate(a, ct)).toEqual(ss);
          expect(await portable.xwingDecapsulate(b, ct)).toEqual(ss);
          ct[bit >> 3] = (ct[bit >> 3] as number) ^ (1 << (bit & 7));
          const rejected = await native.xwingDecapsulate(a, ct);
          expect(rejected).not.toEqual(ss);
          expect(await portable.xwingDecapsulate(b, ct)).toEqual(rejected);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('on Argon2id', async () => {
    await fc.assert(
      fc.asyncProperty(
        bytes(0, 40),
        bytes(8, 32),
        fc.integer({ min: 1, max: 3 }),
        async (password, salt, t) => {
          const request = { password, salt, t, mKiB: 64, p: 1, length: 32 };
          expect(await native.argon2id(request)).toEqual(await portable.argon2id(request));
        },
      ),
      { numRuns: 10 },
    );
  });
});
