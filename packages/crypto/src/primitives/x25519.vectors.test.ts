import { encodeHex } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { RUNTIMES, subtle, systemRng } from './fixtures/runtimes.ts';
import { hex, readVectors } from './fixtures/vectors.ts';
import { createX25519 } from './x25519.ts';

interface X25519Case {
  private: string;
  public: string;
  shared: string | null;
}
const rfc7748 = readVectors<X25519Case>('x25519-rfc7748') as ReturnType<typeof readVectors<X25519Case>> & {
  iterated: Record<string, string>;
};
const wycheproof = readVectors<X25519Case>('x25519-wycheproof');

describe.each(RUNTIMES)('X25519, %s', async (_name, create) => {
  const { support } = await create();
  const x25519 = createX25519({ subtle, rng: systemRng, support });

  async function agree(each: X25519Case) {
    const privateKey = await x25519.privateFromSeed(hex(each.private));
    return privateKey.agree(await x25519.publicFromBytes(hex(each.public)));
  }

  it.each([...rfc7748.cases, ...wycheproof.cases].filter((each) => each.shared !== null))(
    '$name',
    async (each) => {
      expect(encodeHex(await agree(each))).toBe(each.shared);
    },
  );

  it.each(wycheproof.cases.filter((each) => each.shared === null))('refuses $name', async (each) => {
    await expect(agree(each)).rejects.toMatchObject({ code: 'crypto.bad_key' });
  });

  it('comes to the published value after 1 and after 1,000 rounds', async () => {
    let k = hex('09'.padEnd(64, '0'));
    let u = k;
    const reached: string[] = [];
    for (let round = 1; round <= 1000; round++) {
      const next = await (await x25519.privateFromSeed(k)).agree(await x25519.publicFromBytes(u));
      u = k;
      k = next;
      reached.push(encodeHex(k));
    }
    expect(reached[0]).toBe(rfc7748.iterated['1']);
    expect(reached[999]).toBe(rfc7748.iterated['1000']);
  });

  it('derives the public value from the private scalar', async () => {
    const [alice, bob] = rfc7748.cases.filter((each) => each.name.startsWith('section 6.1'));
    if (!alice || !bob) throw new Error('the example is missing');
    expect(encodeHex((await x25519.privateFromSeed(hex(alice.private))).publicKey)).toBe(bob.public);
    expect(encodeHex((await x25519.privateFromSeed(hex(bob.private))).publicKey)).toBe(alice.public);
  });
});
