import { Secret } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { nativePorts } from '../fixtures/practice.ts';
import { WORDS } from '../words/word-list.ts';
import { joinCustodianSeed, parseCustodianShare, splitCustodianSeed } from './shares.ts';

const { primitives, rng } = await nativePorts();

async function makeShares() {
  const seed = Secret.of(rng.bytes(32));
  const { publicKey } = await primitives.xwingKeyFromSeed(seed.reveal());
  const printed = (await splitCustodianSeed(primitives, seed)).map((share) => share.reveal());
  return { seed, publicKey, printed };
}

function readShare(text: string) {
  const share = parseCustodianShare(primitives, text);
  if (!share.ok) throw new Error(share.error.code);
  return share.value;
}

describe('custodian shares', () => {
  it('any two of three give the seed, typed in any case; three do as well', async () => {
    for (let run = 0; run < 10; run++) {
      const { seed, publicKey, printed } = await makeShares();
      for (const pick of [
        [0, 1],
        [2, 0],
        [1, 2],
        [0, 1, 2],
      ]) {
        const shares = pick.map((index) => readShare(`  ${(printed[index] as string).toUpperCase()}`));
        const joined = await joinCustodianSeed(primitives, { shares, publicKey });
        expect(joined.reveal()).toEqual(seed.reveal());
      }
    }
  });

  it('one share, one share twice, or shares of two splits give nothing', async () => {
    const [one, two] = [await makeShares(), await makeShares()];
    const { publicKey } = one;
    const [first, second] = [readShare(one.printed[0] as string), readShare(two.printed[1] as string)];
    for (const shares of [
      [],
      [first],
      [first, first],
      [first, second],
      [Secret.of(new Uint8Array(1)), first],
    ]) {
      await expect(joinCustodianSeed(primitives, { shares, publicKey })).rejects.toMatchObject({
        code: 'crypto.bad_key',
      });
    }
  });

  it('a single share looks like noise: its bytes do not hang on the seed', async () => {
    // Two splits of one seed share no value at any place, except by chance.
    const { seed, printed } = await makeShares();
    const again = (await splitCustodianSeed(primitives, seed)).map((share) => share.reveal());
    for (const share of printed) expect(again).not.toContain(share);
  });

  it('notice every single wrong word and every swap', async () => {
    const { printed } = await makeShares();
    const words = (printed[0] as string).split(' ');
    expect(words).toHaveLength(27);
    for (let at = 0; at < words.length; at++) {
      for (const step of [1, 5, 700]) {
        const wrong = words.with(at, WORDS[(WORDS.indexOf(words[at] as string) + step) % 2048] as string);
        expect(parseCustodianShare(primitives, wrong.join(' '))).toMatchObject({
          error: { code: 'words.checksum' },
        });
      }
    }
    expect(parseCustodianShare(primitives, words.slice(1).join(' '))).toMatchObject({
      error: { code: 'words.count', expected: 27, found: 26 },
    });
  });
});
