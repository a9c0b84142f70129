import { expect, it } from 'vitest';
import { shareOf } from './score.ts';

it("gives Wilson's interval", () => {
  // Worked example: 81 of 263 (Newcombe, Stat. Med. 17 (1998), 857-872, table I).
  const share = shareOf(81, 263);
  expect(share.low).toBeCloseTo(0.2553, 4);
  expect(share.high).toBeCloseTo(0.3662, 4);
  // All of few says little.
  expect(shareOf(10, 10).high).toBeCloseTo(1, 10);
  expect(shareOf(10, 10).low).toBeCloseTo(0.7225, 4);
  expect(shareOf(0, 0)).toMatchObject({ value: 0, low: 0, high: 1 });
});
