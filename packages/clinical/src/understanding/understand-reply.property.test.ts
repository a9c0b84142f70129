import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replyRules } from './reply-rules.ts';
import { saysMore } from './says-more.ts';
import { understandReply } from './understand-reply.ts';
import type { Expectation, ExpectationKind } from './understanding.ts';

const KINDS: readonly ExpectationKind[] = [
  'dose',
  'wellbeing',
  'yes-no',
  'count',
  'temperature',
  'blood-pressure',
  'choice',
  'urgency',
  'photo',
  'free',
];
const expectationOf = (kind: ExpectationKind): Expectation => ({
  kind,
  choices: [],
  range: null,
  unit: kind === 'blood-pressure' ? 'mmHg' : null,
});
const words = replyRules.languages.flatMap(({ filler, codes }) => [
  ...filler.split(' '),
  ...Object.values(codes).flatMap((byCode) =>
    Object.values(byCode)
      .flat()
      .flatMap((pattern) => pattern.split(/[ |+?]/)),
  ),
]);
/** Of the longest texts that are read. Far from what they take: a pattern that runs away takes minutes, a busy machine does not. */
const LIMIT_MS = 10_000;
const kind = fc.constantFrom(...KINDS);

it('takes any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((some) => some.join(' ')),
  );
  fc.assert(
    fc.property(kind, text, (asked, written) => {
      const understood = understandReply(written, expectationOf(asked), 'en');
      const number = understood.sure ? understood.number : null;
      expect(number === null || Number.isFinite(number)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

it('never takes a reply with a word that it does not know for fine', () => {
  const answer = fc.constantFrom(
    'took both',
    'better',
    'no',
    'fine',
    '98.6',
    '120/80',
    '0',
    'it can wait',
    'sí',
  );
  // Letters that make no word of either language.
  const unknown = fc.stringMatching(/^[xqwz][kxqwz]{5,9}$/);
  fc.assert(
    fc.property(kind, answer, unknown, fc.boolean(), (asked, known, word, isFirst) => {
      const text = isFirst ? `${word} ${known}` : `${known} ${word}`;
      expect(saysMore(understandReply(text, expectationOf(asked), 'en')), text).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('reads every temperature that a thermometer shows in the one unit that it can be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 320, max: 1100 }), (tenths) => {
      const text = (tenths / 10).toFixed(1);
      const understood = understandReply(text, expectationOf('temperature'), 'en');
      const { F, C } = replyRules.limits.temperature;
      const value = tenths / 10;
      const unit = value >= F.min && value <= F.max ? 'F' : value >= C.min && value <= C.max ? 'C' : null;
      if (unit === null) expect(understood).toMatchObject({ sure: false, why: 'out-of-range' });
      else expect(understood).toMatchObject({ sure: true, number: value, unit });
    }),
  );
});

it('reads every pressure written in any of its ways', () => {
  const reading = fc.tuple(
    fc.integer({ min: 70, max: 250 }),
    fc.integer({ min: 40, max: 69 }),
    fc.constantFrom('/', ' / ', ' over ', ' sobre ', '-', ' ', ' por '),
  );
  fc.assert(
    fc.property(reading, ([upper, lower, between]) => {
      const understood = understandReply(`${upper}${between}${lower}`, expectationOf('blood-pressure'), 'en');
      expect(understood).toMatchObject({ sure: true, number: upper, second: lower });
    }),
  );
});

it('is slowed down by no text', { timeout: 120_000 }, () => {
  const worst = [
    'no '.repeat(200),
    'took '.repeat(120),
    '1 '.repeat(300),
    'one '.repeat(150),
    '1/'.repeat(300),
  ];
  for (const text of worst) {
    for (const asked of KINDS) understandReply(text, expectationOf(asked), 'en');
    const from = performance.now();
    for (const asked of KINDS) understandReply(text, expectationOf(asked), 'en');
    expect((performance.now() - from) / KINDS.length, text.slice(0, 12)).toBeLessThan(LIMIT_MS);
  }
});
