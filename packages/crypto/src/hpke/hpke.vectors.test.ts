import { encodeHex } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { RUNTIMES } from '../primitives/fixtures/runtimes.ts';
import { hex, readVectors } from '../primitives/fixtures/vectors.ts';
import { hpkeOpen } from './hpke.ts';
import { hpkeKeySchedule, makeHpkeSuite } from './key-schedule.ts';

const schedules = readVectors<{
  kemId: number;
  aeadId: number;
  info: string;
  sharedSecret: string;
  key: string;
  baseNonce: string;
  aad: string;
  plaintext: string;
  ciphertext: string;
}>('hpke-base-schedule').cases;
const boxes = readVectors<{
  seed: string;
  info: string;
  aad: string;
  plaintext: string;
  enc: string;
  ciphertext: string;
}>('hpke-xwing-interop').cases;

describe.each(RUNTIMES)('HPKE, %s', async (_name, create) => {
  const primitives = await create();

  it.each(schedules)('key schedule, $name', async (each) => {
    const keyBytes = each.aeadId === 1 ? 16 : 32;
    const suite = makeHpkeSuite({ kemId: each.kemId, aeadId: each.aeadId, keyBytes, nonceBytes: 12 });
    const { key, baseNonce } = hpkeKeySchedule(suite, hex(each.sharedSecret), hex(each.info));
    expect(encodeHex(key)).toBe(each.key);
    expect(encodeHex(baseNonce)).toBe(each.baseNonce);
    if (keyBytes !== 32) return;
    const sealed = await primitives.aesGcmSeal({
      key,
      nonce: baseNonce,
      plaintext: hex(each.plaintext),
      aad: hex(each.aad),
    });
    expect(encodeHex(sealed)).toBe(each.ciphertext);
  });

  it.each(boxes)('opens box $name of another implementation', async (each) => {
    const key = await primitives.xwingKeyFromSeed(hex(each.seed));
    const box = { enc: hex(each.enc), ct: hex(each.ciphertext) };
    const opened = await hpkeOpen(primitives, { key, ...box, info: hex(each.info), aad: hex(each.aad) });
    expect(encodeHex(opened)).toBe(each.plaintext);
  });
});
