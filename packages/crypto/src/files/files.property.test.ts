import { type Bytes, concatBytes, Secret } from '@baton/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitFlips, wrongLengths } from '../fixtures/mutants.ts';
import { nativePorts } from '../fixtures/practice.ts';
import { openFile, sealFile } from './file.ts';
import {
  FILE_CHUNK_BYTES,
  type FileSource,
  makeFileHasher,
  openFileParts,
  sealedFileLength,
  sealFileParts,
} from './file-parts.ts';

const ports = await nativePorts();
const { primitives, rng } = ports;
const MIB = 1024 * 1024;

function filled(length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 251) bytes[i] = i & 255;
  return bytes;
}
async function collect(parts: AsyncIterable<Bytes>): Promise<Bytes> {
  const out: Bytes[] = [];
  for await (const part of parts) out.push(part);
  return concatBytes(...out);
}
/** Opens without the hash, which would refuse every mutant first. */
const openRaw = (key: Secret<Bytes>, sizeBytes: number, source: FileSource) =>
  collect(openFileParts(primitives, { key, sizeBytes, source }));
const typed = {
  name: 'CryptoError',
  code: expect.stringMatching(/^crypto\.(open_failed|malformed|bad_commitment)$/) as unknown,
};

describe('files', () => {
  it('round-trip at every length around a chunk, and up to 10 MiB', async () => {
    for (const length of [0, 1, 255, 256, 257, MIB - 1, MIB, MIB + 1, 3 * MIB + 5, 10 * MIB]) {
      const content = filled(length);
      const { sealed, file } = await sealFile(ports, content);
      expect(sealed).toHaveLength(sealedFileLength(length));
      const opened = await openFile(primitives, { ...file, sealed });
      expect(Buffer.compare(opened, content)).toBe(0);
    }
    await expect(sealFile(ports, new Uint8Array(10 * MIB + 1))).rejects.toMatchObject({
      code: 'crypto.bad_length',
    });
  });

  it('round-trip at random lengths, as a stream cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2.5 * MIB }),
        fc.array(fc.integer({ min: 1, max: MIB }), { minLength: 1, maxLength: 5 }),
        async (length, cuts) => {
          const content = filled(length);
          const key = Secret.of(rng.bytes(32));
          const pieces = function* (bytes: Bytes) {
            for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
              const size = cuts[turn % cuts.length] as number;
              yield bytes.subarray(offset, offset + size);
              offset += size;
            }
          };
          const hasher = makeFileHasher();
          const sealed = await collect(
            sealFileParts(primitives, { key, sizeBytes: length, source: pieces(content) }),
          );
          for (const piece of pieces(sealed)) hasher.update(piece);
          const file = { key, hash: hasher.finish(), sizeBytes: length };
          expect(Buffer.compare(await openFile(primitives, { ...file, sealed }), content)).toBe(0);
          expect(Buffer.compare(await openRaw(key, length, pieces(sealed)), content)).toBe(0);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('refuse every flipped bit, with and without the hash', async () => {
    const content = filled(700);
    const { sealed, file } = await sealFile(ports, content);
    let mutants = 0;
    for (const { mutant } of bitFlips(sealed, 900)) {
      mutants += 1;
      await expect(openFile(primitives, { ...file, sealed: mutant })).rejects.toMatchObject({
        code: 'crypto.open_failed',
      });
      await expect(openRaw(file.key, 700, [mutant])).rejects.toMatchObject(typed);
    }
    expect(mutants).toBeGreaterThanOrEqual(600);
    for (const cut of wrongLengths(sealed)) {
      await expect(openFile(primitives, { ...file, sealed: cut })).rejects.toMatchObject({
        code: 'crypto.malformed',
      });
      await expect(openRaw(file.key, 700, [cut])).rejects.toMatchObject(typed);
    }
  });

  it('keep their chunks where they are', async () => {
    const content = filled(3 * MIB);
    const { sealed, file } = await sealFile(ports, content);
    const at = (index: number) =>
      sealed.subarray(32 + index * (FILE_CHUNK_BYTES + 16), 32 + (index + 1) * (FILE_CHUNK_BYTES + 16));
    const head = sealed.subarray(0, 32);
    const arrangements: [string, Bytes[], number][] = [
      ['swapped', [head, at(1), at(0), at(2)], 3 * MIB],
      ['last left out', [head, at(0), at(1)], 3 * MIB],
      ['last left out, size adjusted', [head, at(0), at(1)], 2 * MIB],
      ['first left out', [head, at(1), at(2)], 3 * MIB],
      ['one repeated', [head, at(0), at(0), at(2)], 3 * MIB],
      ['one added', [head, at(0), at(1), at(2), at(2)], 3 * MIB],
      ['one added, size adjusted', [head, at(0), at(1), at(2), at(2)], 4 * MIB],
      ['no commitment', [at(0), at(1), at(2)], 3 * MIB],
    ];
    for (const [name, source, size] of arrangements) {
      await expect(openRaw(file.key, size, source), name).rejects.toMatchObject(typed);
    }
  });

  it('commit to their key', async () => {
    const { sealed, file } = await sealFile(ports, filled(10));
    await expect(openRaw(Secret.of(rng.bytes(32)), 10, [sealed])).rejects.toMatchObject({
      code: 'crypto.bad_commitment',
    });
    await expect(
      openFile(primitives, { ...file, sealed, key: Secret.of(rng.bytes(32)) }),
    ).rejects.toMatchObject({ code: 'crypto.bad_commitment' });
  });

  it('refuse a size that is not theirs', async () => {
    const { sealed, file } = await sealFile(ports, new Uint8Array(250).fill(1));
    await expect(openFile(primitives, { ...file, sealed, sizeBytes: 249 })).rejects.toMatchObject({
      code: 'crypto.malformed',
    });
    for (const sizeBytes of [-1, 1.5, Number.NaN, 2 ** 40]) {
      await expect(openFile(primitives, { ...file, sealed, sizeBytes })).rejects.toMatchObject({
        code: 'crypto.bad_length',
      });
    }
    const key = Secret.of(rng.bytes(32));
    for (const length of [99, 300]) {
      const parts = sealFileParts(primitives, { key, sizeBytes: 100, source: [filled(length)] });
      await expect(collect(parts)).rejects.toMatchObject({ code: 'crypto.bad_length' });
    }
  });
});
