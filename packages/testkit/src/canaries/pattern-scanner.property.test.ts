import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PatternScanner } from './pattern-scanner.ts';

/** Few letters, so that patterns overlap, nest and repeat. */
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u00ff'), minLength, maxLength });

function naive(patterns: readonly Buffer[], haystack: Buffer): string[] {
  return patterns.flatMap((pattern, index) => {
    const found: string[] = [];
    for (let at = haystack.indexOf(pattern); at !== -1; at = haystack.indexOf(pattern, at + 1))
      found.push(`${index}@${at}`);
    return found;
  });
}

it('finds what a search for each pattern finds, however the haystack is cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(text(1, 6), { minLength: 1, maxLength: 12 }),
      text(0, 200),
      fc.array(fc.nat(200), { maxLength: 5 }),
      (words, hay, cuts) => {
        const patterns = words.map((word) => Buffer.from(word, 'latin1'));
        const haystack = Buffer.from(hay, 'latin1');
        const found: string[] = [];
        const scan = new PatternScanner(patterns).start((pattern, offset) =>
          found.push(`${pattern}@${offset}`),
        );
        const edges = [0, ...cuts.toSorted((a, b) => a - b), haystack.length];
        for (let index = 1; index < edges.length; index += 1)
          scan(haystack.subarray(edges[index - 1], edges[index]));
        expect(found.toSorted()).toEqual(naive(patterns, haystack).toSorted());
      },
    ),
    { numRuns: 500 },
  );
});

it('takes patterns in which every byte value occurs', () => {
  const all = Buffer.from([...Array(256).keys()]);
  const found: number[] = [];
  const scan = new PatternScanner([all, all.subarray(100, 103)]).start((_, offset) => found.push(offset));
  scan(Buffer.concat([Buffer.from('xx'), all]));
  expect(found).toEqual([102, 2]);
});

it('refuses an empty pattern', () => {
  expect(() => new PatternScanner([new Uint8Array(0)])).toThrow(RangeError);
});
