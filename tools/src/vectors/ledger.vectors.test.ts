import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeLedgerVectors, VECTOR_FOLDER } from './ledger-vectors.ts';

describe('the frozen vectors of ledger', () => {
  it.each([...makeLedgerVectors()])('%s is what the generator writes', (name, content) => {
    expect(readFileSync(new URL(name, VECTOR_FOLDER), 'utf8')).toBe(content);
  });
});
