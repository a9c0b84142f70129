import { encodeUtf8 } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { RUNTIMES } from './fixtures/runtimes.ts';
import { craftTwoKeyCiphertext } from './fixtures/two-key-gcm.fixture.ts';

describe.each(RUNTIMES)('AES-256-GCM does not commit to its key, %s', async (_name, create) => {
  const primitives = await create();

  it.each([0, 1, 16, 90])(
    'one ciphertext opens under two keys, with %i bytes of associated data',
    async (aadBytes) => {
      const first = {
        key: new Uint8Array(32).fill(1),
        nonce: new Uint8Array(12).fill(2),
        aad: new Uint8Array(aadBytes).fill(3),
        message: encodeUtf8('give 5 mg'),
      };
      const second = {
        key: new Uint8Array(32).fill(4),
        nonce: new Uint8Array(12).fill(5),
        aad: first.aad,
        message: encodeUtf8('give 50 mg, then call the registrar'),
      };
      const crafted = craftTwoKeyCiphertext(first, second);
      for (const [side, expected] of [
        [first, crafted.first],
        [second, crafted.second],
      ] as const) {
        const opened = await primitives.aesGcmOpen({
          key: side.key,
          nonce: side.nonce,
          sealed: crafted.sealed,
          aad: side.aad,
        });
        expect(opened).toEqual(expected.plaintext);
        expect(opened.slice(expected.offset, expected.offset + side.message.length)).toEqual(side.message);
      }
    },
  );

  it('and a key that it was not made for opens nothing', async () => {
    const side = (fill: number) => ({
      key: new Uint8Array(32).fill(fill),
      nonce: new Uint8Array(12),
      aad: new Uint8Array(0),
      message: new Uint8Array(16),
    });
    const { sealed } = craftTwoKeyCiphertext(side(1), side(2));
    await expect(primitives.aesGcmOpen({ ...side(3), sealed })).rejects.toMatchObject({
      code: 'crypto.open_failed',
    });
  });
});
