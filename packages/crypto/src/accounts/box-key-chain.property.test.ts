import { makeId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { bitFlips, wrongLengths } from '../fixtures/mutants.ts';
import { AUTHOR, idBytes, nativePorts } from '../fixtures/practice.ts';
import { makeBoxKey, type NewBoxKey, walkBoxKeyChain } from './box-key-chain.ts';

const ports = await nativePorts();
const { primitives } = ports;

async function makeChain(length: number): Promise<readonly NewBoxKey[]> {
  const chain: NewBoxKey[] = [];
  for (let gen = 1; gen <= length; gen++) {
    chain.push(await makeBoxKey(ports, { account: AUTHOR, gen, previous: chain.at(-1) ?? null }));
  }
  return chain;
}

describe('the back chain of box keys', () => {
  it('leads from the newest seed to every earlier one', async () => {
    const chain = await makeChain(6);
    const newest = chain.at(-1) as NewBoxKey;
    expect(newest.chain).toHaveLength(60);
    const seeds = await walkBoxKeyChain(primitives, {
      account: AUTHOR,
      newest,
      statements: [...chain].reverse(),
    });
    expect([...seeds.keys()]).toEqual([6, 5, 4, 3, 2, 1]);
    for (const made of chain) {
      const seed = seeds.get(made.gen);
      expect(seed?.reveal()).toEqual(made.seed.reveal());
      const key = await primitives.xwingKeyFromSeed(seed?.reveal() as Uint8Array);
      expect(key.publicKey).toEqual(made.publicKey);
    }
  });

  it('never leads forward', async () => {
    const chain = await makeChain(4);
    const old = chain[1] as NewBoxKey;
    const seeds = await walkBoxKeyChain(primitives, { account: AUTHOR, newest: old, statements: chain });
    expect([...seeds.keys()]).toEqual([2, 1]);
    const forged = { gen: 3, seed: old.seed };
    await expect(
      walkBoxKeyChain(primitives, { account: AUTHOR, newest: forged, statements: chain }),
    ).rejects.toMatchObject({ code: 'crypto.open_failed' });
  });

  it('ends where a generation was made after everything was lost', async () => {
    const [first] = await makeChain(1);
    const second = await makeBoxKey(ports, { account: AUTHOR, gen: 2, previous: null });
    const third = await makeBoxKey(ports, { account: AUTHOR, gen: 3, previous: second });
    const statements = [first as NewBoxKey, second, third];
    const seeds = await walkBoxKeyChain(primitives, { account: AUTHOR, newest: third, statements });
    expect([...seeds.keys()]).toEqual([3, 2]);
  });

  it('belongs to one account and one generation', async () => {
    const chain = await makeChain(2);
    const newest = chain[1] as NewBoxKey;
    const account = makeId('account', idBytes(98));
    await expect(walkBoxKeyChain(primitives, { account, newest, statements: chain })).rejects.toMatchObject({
      code: 'crypto.open_failed',
    });
    await expect(makeBoxKey(ports, { account: AUTHOR, gen: 5, previous: newest })).rejects.toMatchObject({
      code: 'crypto.wrong_context',
    });
  });

  it('refuses every flipped bit, twice over, and every other length', async () => {
    const typed = {
      name: 'CryptoError',
      code: expect.stringMatching(/^crypto\.(open_failed|malformed)$/) as unknown,
    };
    let mutants = 0;
    for (let object = 0; object < 2; object++) {
      const newest = (await makeChain(2))[1] as NewBoxKey;
      const walk = (chain: Uint8Array) =>
        walkBoxKeyChain(primitives, { account: AUTHOR, newest, statements: [{ gen: 2, chain }] });
      for (const { mutant } of bitFlips(newest.chain as Uint8Array, 480)) {
        mutants += 1;
        await expect(walk(mutant)).rejects.toMatchObject(typed);
      }
      for (const cut of wrongLengths(newest.chain as Uint8Array))
        await expect(walk(cut)).rejects.toMatchObject(typed);
    }
    expect(mutants).toBeGreaterThanOrEqual(600);
  });
});
