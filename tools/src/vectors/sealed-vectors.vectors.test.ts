import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildSealedVectors, formatSealedVectors, SEALED_VECTORS_FOLDER } from './sealed-vectors.ts';

const built = await buildSealedVectors();

it('protocol/vectors/sealed holds one file for each object, and no other', () => {
  expect(readdirSync(SEALED_VECTORS_FOLDER).sort()).toEqual(Object.keys(built).sort());
});

it.each(Object.entries(built))('%s is, byte for byte, what the code seals today', (name, file) => {
  expect(formatSealedVectors(file)).toBe(readFileSync(`${SEALED_VECTORS_FOLDER}${name}`, 'utf8'));
});
