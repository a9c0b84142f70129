import { concatBytes } from '@baton/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativePrimitives, portablePrimitives, RUNTIMES } from '../primitives/fixtures/runtimes.ts';
import { type HpkeBox, hpkeOpen, hpkeSeal } from './hpke.ts';

const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });
const OPEN_FAILED = { code: 'crypto.open_failed' };

it('opens on one runtime what was sealed on the other', async () => {
  const [native, portable] = [await nativePrimitives(), await portablePrimitives()];
  await fc.assert(
    fc.asyncProperty(
      bytes(32),
      bytes(0, 300),
      bytes(0, 50),
      bytes(0, 300),
      async (seed, info, aad, plaintext) => {
        for (const [sealer, opener] of [
          [native, portable],
          [portable, native],
        ] as const) {
          const key = await opener.xwingKeyFromSeed(seed);
          const box = await hpkeSeal(sealer, { pk: key.publicKey, info, aad, plaintext });
          expect(box.enc).toHaveLength(1120);
          expect(box.ct).toHaveLength(plaintext.length + 16);
          expect(await hpkeOpen(opener, { key, ...box, info, aad })).toEqual(plaintext);
        }
      },
    ),
    { numRuns: 25 },
  );
});

describe.each(RUNTIMES)('HPKE boxes, %s', async (name, create) => {
  const primitives = await create();
  const key = await primitives.xwingKeyFromSeed(new Uint8Array(32).fill(1));
  const info = new Uint8Array(40).fill(2);
  const aad = new Uint8Array(8).fill(3);
  const plaintext = new Uint8Array(64).fill(4);
  const seal = () => hpkeSeal(primitives, { pk: key.publicKey, info, aad, plaintext });

  it('does not open with a flipped bit anywhere', async () => {
    const box = await seal();
    const parts = { enc: box.enc, ct: box.ct, info, aad };
    // Native code is quick enough for a mutant of every seventh bit; portable code gets fewer of the long encapsulation.
    const step = name === 'native' ? 7 : 61;
    let mutants = 0;
    for (const part of ['enc', 'ct', 'info', 'aad'] as const) {
      for (let bit = 0; bit < parts[part].length * 8; bit += part === 'enc' ? step : 5) {
        const flipped = parts[part].slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        await expect(hpkeOpen(primitives, { key, ...parts, [part]: flipped })).rejects.toMatchObject(
          OPEN_FAILED,
        );
        mutants++;
      }
    }
    expect(mutants).toBeGreaterThan(name === 'native' ? 1400 : 300);
  });

  it('does not open when cut short, extended, swapped, or with a degenerate point', async () => {
    const [box, other] = [await seal(), await seal()];
    const degenerate = box.enc.slice();
    degenerate.fill(0, 1088);
    const wrong: HpkeBox[] = [
      { enc: box.enc, ct: new Uint8Array(0) },
      { enc: box.enc, ct: box.ct.subarray(0, 15) },
      { enc: box.enc, ct: box.ct.subarray(0, -1) },
      { enc: box.enc, ct: concatBytes(box.ct, new Uint8Array(1)) },
      { enc: box.enc.subarray(0, -1), ct: box.ct },
      { enc: concatBytes(box.enc, new Uint8Array(1)), ct: box.ct },
      { enc: new Uint8Array(0), ct: box.ct },
      { enc: other.enc, ct: box.ct },
      { enc: degenerate, ct: box.ct },
    ];
    for (const each of wrong) {
      await expect(hpkeOpen(primitives, { key, ...each, info, aad })).rejects.toMatchObject(OPEN_FAILED);
    }
    await expect(hpkeOpen(primitives, { key, ...box, info, aad })).resolves.toEqual(plaintext);
  });

  it('does not open with another key', async () => {
    const stranger = await primitives.xwingKeyFromSeed(new Uint8Array(32).fill(9));
    await expect(hpkeOpen(primitives, { key: stranger, ...(await seal()), info, aad })).rejects.toMatchObject(
      OPEN_FAILED,
    );
  });

  it('never seals to the same bytes twice', async () => {
    const [a, b] = [await seal(), await seal()];
    expect(a.enc).not.toEqual(b.enc);
    expect(a.ct).not.toEqual(b.ct);
  });
});
