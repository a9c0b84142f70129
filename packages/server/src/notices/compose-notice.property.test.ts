import fc from 'fast-check';
import { expect, it } from 'vitest';
import { composeNotice, NOTICE_LANGUAGES } from './compose-notice.ts';
import { measureText } from './gsm-text.ts';

const name = fc.option(
  fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 })),
  {
    nil: null,
  },
);
const parts = fc.record({
  contract: fc.constantFrom('reply' as const, 'talk' as const, 'stat' as const),
  role: name,
  unit: name,
  callback: name,
  sender: name,
  language: fc.constantFrom(...NOTICE_LANGUAGES),
});

it('is one line without control or hidden characters, in one part or as many as it says, whatever the names hold', () => {
  fc.assert(
    fc.property(parts, (given) => {
      const { text, segments } = composeNotice(given);
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(text).toMatch(/^Baton: /);
      expect(text).toMatch(/(This is not a primary alarm|Esta no es una alarma primaria)\.$/);
      const measured = measureText(text);
      expect(segments).toBe(measured.segments);
      if (measured.alphabet === 'gsm') expect(measured.length).toBeLessThanOrEqual(160);
      else expect(segments).toBeLessThanOrEqual(3);
    }),
    { numRuns: 2000 },
  );
});
