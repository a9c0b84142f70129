import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

it('grows, never beyond half a minute, and starts over after success', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(255), fc.nat(255)), { minLength: 20, maxLength: 40 }), (draws) => {
      let at = 0;
      const backoff = new Backoff({ bytes: () => Uint8Array.from(draws[at++ % draws.length] ?? [0, 0]) });
      const delays = draws.map(() => backoff.nextMs());
      expect(Math.max(...delays)).toBeLessThanOrEqual(30_000);
      expect(Math.min(...delays.slice(10))).toBeGreaterThanOrEqual(7500);
      backoff.reset();
      expect(backoff.nextMs()).toBeLessThanOrEqual(250);
    }),
  );
});
