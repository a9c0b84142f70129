import { encodeHex } from '@baton/kernel';
import { boxInfo, hashBox, type BoxBinding } from '@baton/ledger';
import { boxCodec } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitFlips, wrongLengths } from '../fixtures/mutants.ts';
import { CONV, makePerson, nativePorts, OTHER_CONV, secretsOf } from '../fixtures/practice.ts';
import { hpkeSeal } from '../hpke/hpke.ts';
import { openBox, sealBox } from './box.ts';

const { primitives } = await nativePorts();
const ann = await makePerson(primitives, 21);
const bob = await makePerson(primitives, 22);
const core = new Uint8Array(32).fill(12);
const binding: BoxBinding = { conv: CONV, gen: 5, to: ann.id, g: 2, core };
const TYPED = /^crypto\.(malformed|wrong_context|open_failed)$/;

const seal = (hist: boolean, over: Partial<BoxBinding> = {}) =>
  sealBox(primitives, {
    publicKey: ann.key.publicKey,
    binding: { ...binding, ...over },
    secrets: secretsOf(7, hist),
  });

describe('boxes', () => {
  it('round-trip with and without the history-link key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.integer({ min: 1, max: 2 ** 40 }), async (hist, gen) => {
        const { bytes, hash } = await seal(hist, { gen });
        expect(encodeHex(hash)).toBe(encodeHex(hashBox(primitives.sha256, bytes)));
        const opened = await openBox(primitives, {
          key: ann.key,
          binding: { ...binding, gen },
          hist,
          box: bytes,
        });
        expect(opened.gk.reveal()).toEqual(secretsOf(7).gk.reveal());
        expect(opened.hl?.reveal() ?? null).toEqual(hist ? secretsOf(7).hl?.reveal() : null);
      }),
      { numRuns: 30 },
    );
  });

  it('open in their own place only', async () => {
    const { bytes } = await seal(true);
    const places: Partial<BoxBinding>[] = [{ conv: OTHER_CONV }, { gen: 6 }, { to: bob.id }, { g: 3 }];
    for (const place of places) {
      const elsewhere = { ...binding, ...place };
      const input = { key: ann.key, binding: elsewhere, hist: true };
      await expect(openBox(primitives, { ...input, box: bytes })).rejects.toMatchObject({
        code: 'crypto.wrong_context',
      });
      // Relabelled to fit, it fails in the cryptography.
      const decoded = boxCodec.decode(bytes);
      if (!decoded.ok) throw new Error('not a box');
      const { conv, gen, to, g } = elsewhere;
      const relabelled = boxCodec.encode({ ...decoded.value, conv, gen, to, g });
      await expect(openBox(primitives, { ...input, box: relabelled })).rejects.toMatchObject({
        code: 'crypto.open_failed',
      });
    }
    const otherCore = { ...binding, core: new Uint8Array(32).fill(13) };
    await expect(
      openBox(primitives, { key: ann.key, binding: otherCore, hist: true, box: bytes }),
    ).rejects.toMatchObject({ code: 'crypto.open_failed' });
    await expect(
      openBox(primitives, { key: bob.key, binding, hist: true, box: bytes }),
    ).rejects.toMatchObject({
      code: 'crypto.open_failed',
    });
  });

  it('hold exactly what the entry says', async () => {
    for (const hist of [true, false]) {
      const { bytes } = await seal(hist);
      await expect(
        openBox(primitives, { key: ann.key, binding, hist: !hist, box: bytes }),
      ).rejects.toMatchObject({ code: 'crypto.wrong_context' });
    }
    const { enc, ct } = await hpkeSeal(primitives, {
      pk: ann.key.publicKey,
      info: boxInfo(binding),
      aad: new Uint8Array(0),
      plaintext: new Uint8Array(33),
    });
    const odd = boxCodec.encode({ v: 1, t: 'box', conv: CONV, gen: 5, to: ann.id, g: 2, enc, ct });
    await expect(openBox(primitives, { key: ann.key, binding, hist: false, box: odd })).rejects.toMatchObject(
      {
        code: 'crypto.wrong_context',
      },
    );
  });

  it('refuse every flipped bit and every other length with a typed error', async () => {
    const { bytes } = await seal(true);
    let mutants = 0;
    for (const { mutant } of bitFlips(bytes, 1200)) {
      await expect(
        openBox(primitives, { key: ann.key, binding, hist: true, box: mutant }),
      ).rejects.toMatchObject({
        name: 'CryptoError',
        code: expect.stringMatching(TYPED) as unknown,
      });
      mutants += 1;
    }
    expect(mutants).toBeGreaterThanOrEqual(600);
    for (const box of wrongLengths(bytes)) {
      await expect(openBox(primitives, { key: ann.key, binding, hist: true, box })).rejects.toMatchObject({
        code: 'crypto.malformed',
      });
    }
  });

  it('refuse arbitrary bytes with a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1400 }), async (box) => {
        await expect(openBox(primitives, { key: ann.key, binding, hist: true, box })).rejects.toMatchObject({
          code: 'crypto.malformed',
        });
      }),
    );
  });

  it('name no key in what a formatter prints', async () => {
    const { bytes } = await seal(true);
    const opened = await openBox(primitives, { key: ann.key, binding, hist: true, box: bytes });
    expect(JSON.stringify(opened)).toBe('{"gk":"[sealed]","hl":"[sealed]"}');
  });
});
