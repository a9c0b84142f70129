import fc from 'fast-check';
import { expect, it } from 'vitest';
import { armOf } from './arm-of.ts';
import { rankQualityOf } from './calibration.ts';
import { compareArms } from './compare-arms.ts';
import { fitLogistic, sigmoid } from './logistic-regression.ts';
import { likelyFrom } from './score-visit.ts';

const arm = fc
  .integer({ min: 1, max: 3000 })
  .chain((visits) =>
    fc.record({ visits: fc.constant(visits), noShows: fc.integer({ min: 0, max: visits }) }),
  );

it('has an interval that holds its difference, lies within -1 and 1, and turns with its arms', () => {
  fc.assert(
    fc.property(arm, arm, (left, right) => {
      const there = compareArms(left, right).fewer;
      const back = compareArms(right, left).fewer;
      if (there === null || back === null) throw new RangeError('arms are not empty');
      expect(there.low).toBeLessThanOrEqual(there.value + 1e-12);
      expect(there.high).toBeGreaterThanOrEqual(there.value - 1e-12);
      expect(there.low).toBeGreaterThanOrEqual(-1 - 1e-12);
      expect(there.high).toBeLessThanOrEqual(1 + 1e-12);
      expect(back.low).toBeCloseTo(-there.high, 12);
    }),
  );
});

it('puts a visit into one arm of a comparison, and about the share of them into each', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 41 }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      (since, share) => {
        const arms = Array.from({ length: 2000 }, (_, at) => armOf(`visit/${at}`, { share, since }));
        expect(arms).toEqual(Array.from({ length: 2000 }, (_, at) => armOf(`visit/${at}`, { share, since })));
        const extra = arms.filter((one) => one === 'extra').length / 2000;
        // Six standard deviations.
        expect(Math.abs(extra - share)).toBeLessThan(6 * Math.sqrt((share * (1 - share)) / 2000));
      },
    ),
    { numRuns: 40 },
  );
});

it('draws anew for each comparison', () => {
  const ids = Array.from({ length: 4000 }, (_, at) => `visit/${at}`);
  const same = ids.filter(
    (id) =>
      armOf(id, { share: 0.5, since: 1_700_000_000_000 }) ===
      armOf(id, { share: 0.5, since: 1_700_000_000_001 }),
  ).length;
  expect(Math.abs(same / 4000 - 0.5)).toBeLessThan(0.05);
});

it('fits any rows with finite weights, and means what it says on the whole', () => {
  const row = fc.record({
    x: fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 3, maxLength: 3 }),
    y: fc.constantFrom(0 as const, 1 as const),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 5, maxLength: 80 }), (rows) => {
      const some = [...rows, { x: [0, 0, 0], y: 0 as const }, { x: [0, 0, 0], y: 1 as const }];
      const fit = fitLogistic(some, 1);
      expect([fit.intercept, ...fit.weights].every(Number.isFinite)).toBe(true);
      expect(fit.isConverged).toBe(true);
      const predicted = some.map(({ x }) =>
        sigmoid(
          fit.weights.reduce(
            (sum, weight, at) => sum + weight * ((x[at] ?? 0) - (fit.means[at] ?? 0)),
            fit.intercept,
          ),
        ),
      );
      const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
      // The intercept is not penalised: the mean of the predictions is that of what came.
      expect(sum(predicted)).toBeCloseTo(sum(some.map(({ y }) => y)), 4);
    }),
  );
});

it('ranks by order alone', () => {
  const judged = fc.array(
    fc.record({
      predicted: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
      observed: fc.constantFrom(0 as const, 1 as const),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(judged, (some) => {
      const auc = rankQualityOf(some)?.auc;
      const pairs = some.flatMap((missed) =>
        missed.observed === 0
          ? []
          : some.flatMap((kept) =>
              kept.observed === 1
                ? []
                : [missed.predicted > kept.predicted ? 1 : missed.predicted === kept.predicted ? 0.5 : 0],
            ),
      );
      if (pairs.length === 0) expect(auc).toBeUndefined();
      else expect(auc).toBeCloseTo(pairs.reduce((sum: number, one) => sum + one, 0) / pairs.length, 10);
    }),
  );
});

it('calls no more than the share likely, where no two scores are alike', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (scores, share) => {
        const from = likelyFrom(scores, share);
        expect(scores.filter((score) => score >= from).length).toBe(Math.floor(scores.length * share));
      },
    ),
  );
});
