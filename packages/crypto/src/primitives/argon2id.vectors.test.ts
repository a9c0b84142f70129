import { encodeHex } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { createArgon2id } from './argon2id.ts';
import { RUNTIMES } from './fixtures/runtimes.ts';
import { hex, readVectors } from './fixtures/vectors.ts';

const { cases } = readVectors<{
  password: string;
  salt: string;
  secret: string;
  associatedData: string;
  t: number;
  mKiB: number;
  p: number;
  tag: string;
}>('argon2id');

describe.each(RUNTIMES)('Argon2id, %s', async (_name, create) => {
  const primitives = await create();
  const small = {
    password: new Uint8Array(4),
    salt: new Uint8Array(16),
    t: 1,
    mKiB: 8,
    p: 1,
    length: 32,
  };

  it.each(cases)('$name', async ({ password, salt, secret, associatedData, t, mKiB, p, tag }) => {
    const request = { password: hex(password), salt: hex(salt), t, mKiB, p, length: tag.length / 2 };
    const optional = secret ? { secret: hex(secret), associatedData: hex(associatedData) } : {};
    expect(encodeHex(await primitives.argon2id({ ...request, ...optional }))).toBe(tag);
  });

  it('refuses parameters out of range, those of a hostile server included', async () => {
    const wrong: Partial<typeof small>[] = [
      { t: 0 },
      { t: 65 },
      { t: 1.5 },
      { mKiB: 7 },
      { mKiB: 2 ** 20 + 1 },
      { p: 2, mKiB: 15 },
      { p: 0 },
      { p: 17, mKiB: 1024 },
      { length: 3 },
      { length: 1025 },
      { salt: new Uint8Array(7) },
    ];
    for (const change of wrong) {
      await expect(primitives.argon2id({ ...small, ...change })).rejects.toMatchObject({
        code: 'crypto.bad_length',
      });
    }
    await expect(primitives.argon2id(small)).resolves.toHaveLength(32);
  });
});

it('does not pass on a short answer of a port', async () => {
  const derive = createArgon2id(async () => new Uint8Array(16));
  const request = { password: new Uint8Array(1), salt: new Uint8Array(16), t: 1, mKiB: 8, p: 1, length: 32 };
  await expect(derive(request)).rejects.toMatchObject({ code: 'crypto.unsupported' });
});
