import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeHex, encodeHex } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { sampleSets } from './samples.fixture.ts';

const file = fileURLToPath(
  new URL('../../../protocol/vectors/wire/frames-and-contents.json', import.meta.url),
);
const made = Object.fromEntries(
  sampleSets.map(({ name, codec, samples }) => [
    name,
    samples.map((sample) => encodeHex(codec.encode(sample))),
  ]),
);

describe('frozen bytes of frames and sealed contents', () => {
  const frozen = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;

  it('are what the codecs write today', () => {
    expect(made).toEqual(frozen);
  });

  for (const { name, codec, samples } of sampleSets) {
    it(`${name} is read back from them`, () => {
      expect((frozen[name] ?? []).map((hex) => codec.decode(decodeHex(hex) as Uint8Array))).toEqual(
        samples.map((value) => ({ ok: true, value })),
      );
    });
  }
});
