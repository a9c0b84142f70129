import { concatBytes } from '@baton/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNTIMES } from './fixtures/runtimes.ts';

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const OPEN_FAILED = { code: 'crypto.open_failed' };

describe.each(RUNTIMES)('AES-256-GCM mutants, %s', async (_name, create) => {
  const primitives = await create();

  async function example(plaintextBytes: number) {
    const key = await primitives.importAesKey(new Uint8Array(32).fill(7));
    const nonce = new Uint8Array(12).fill(1);
    const aad = new Uint8Array(9).fill(2);
    const plaintext = new Uint8Array(plaintextBytes).fill(3);
    return { key, nonce, aad, sealed: await primitives.aesGcmSeal({ key, nonce, plaintext, aad }) };
  }

  it('opens no truncated tag or ciphertext, down to nothing', async () => {
    for (const plaintextBytes of [0, 1, 33]) {
      const { key, nonce, aad, sealed } = await example(plaintextBytes);
      for (let length = 0; length < sealed.length; length++) {
        const attempt = primitives.aesGcmOpen({ key, nonce, aad, sealed: sealed.subarray(0, length) });
        await expect(attempt).rejects.toMatchObject(OPEN_FAILED);
      }
    }
  });

  it('opens nothing that was extended at either end or whose tag stands first', async () => {
    const { key, nonce, aad, sealed } = await example(33);
    const mutants = [
      ...Array.from({ length: 32 }, (_, n) => concatBytes(sealed, new Uint8Array(n + 1))),
      ...Array.from({ length: 32 }, (_, n) => concatBytes(new Uint8Array(n + 1), sealed)),
      concatBytes(sealed.subarray(-16), sealed.subarray(0, -16)),
      concatBytes(sealed, sealed.subarray(-16)),
    ];
    for (const mutant of mutants) {
      await expect(primitives.aesGcmOpen({ key, nonce, aad, sealed: mutant })).rejects.toMatchObject(
        OPEN_FAILED,
      );
    }
  });

  it('opens nothing with a flipped bit in ciphertext, tag, nonce or associated data', async () => {
    const { key, nonce, aad, sealed } = await example(60);
    const parts = { sealed, nonce, aad };
    let mutants = 0;
    for (const part of ['sealed', 'nonce', 'aad'] as const) {
      for (let bit = 0; bit < parts[part].length * 8; bit++) {
        const flipped = parts[part].slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        await expect(primitives.aesGcmOpen({ key, ...parts, [part]: flipped })).rejects.toMatchObject(
          OPEN_FAILED,
        );
        mutants++;
      }
    }
    expect(mutants).toBeGreaterThan(600);
  });

  it('refuses keys and nonces of another length before doing anything', async () => {
    const { key, nonce, aad, sealed } = await example(1);
    const plaintext = new Uint8Array(1);
    for (const length of [0, 16, 24, 31, 33]) {
      await expect(primitives.importAesKey(new Uint8Array(length))).rejects.toMatchObject({
        code: 'crypto.bad_length',
      });
    }
    for (const length of [0, 8, 11, 13, 16]) {
      const wrong = new Uint8Array(length);
      await expect(primitives.aesGcmSeal({ key, nonce: wrong, aad, plaintext })).rejects.toMatchObject({
        code: 'crypto.bad_length',
      });
      await expect(primitives.aesGcmOpen({ key, nonce: wrong, aad, sealed })).rejects.toMatchObject({
        code: 'crypto.bad_length',
      });
    }
    await expect(primitives.aesGcmOpen({ key, nonce, aad, sealed })).resolves.toHaveLength(1);
  });

  it('gives back what was sealed, from views into larger buffers too', async () => {
    await fc.assert(
      fc.asyncProperty(
        bytes(32, 32),
        bytes(12, 12),
        bytes(0, 64),
        bytes(0, 300),
        async (key, nonce, aad, plaintext) => {
          const framed = concatBytes(new Uint8Array(3).fill(9), plaintext, new Uint8Array(5).fill(9));
          const view = framed.subarray(3, 3 + plaintext.length);
          const sealed = await primitives.aesGcmSeal({ key, nonce, aad, plaintext: view });
          expect(sealed).toHaveLength(plaintext.length + 16);
          expect(await primitives.aesGcmOpen({ key, nonce, aad, sealed })).toEqual(plaintext);
        },
      ),
      { numRuns: 60 },
    );
  });
});
