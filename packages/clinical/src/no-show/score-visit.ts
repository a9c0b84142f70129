import type { NoShowModel } from '@baton/wire';
import { sigmoid } from './logistic-regression.ts';
import type { NoShowFeature } from './visit-features.ts';

type Weights = Pick<NoShowModel, 'intercept' | 'weights'>;
type Features = Readonly<Partial<Record<NoShowFeature, number>>>;

/**
 * Chance of a no-show, 0–1: the logistic function of `intercept + sum of weight * (feature - mean)`, which anybody can work out by hand. A feature that is not
 * given counts as its mean.
 */
export function scoreVisit(model: Weights, features: Features): number {
  const parts = scoreParts(model, features);
  return sigmoid(parts.reduce((sum, { part }) => sum + part, model.intercept));
}

/** What each feature adds to the score, on the scale of log odds, the largest first: why a visit is called likely. */
export function scoreParts(
  { weights }: Weights,
  features: Features,
): readonly { readonly feature: string; readonly value: number; readonly part: number }[] {
  return weights
    .map(({ feature, weight, mean }) => {
      const value = features[feature as NoShowFeature] ?? mean;
      return { feature, value, part: weight * (value - mean) };
    })
    .sort((left, right) => Math.abs(right.part) - Math.abs(left.part));
}

/** The score from which a visit belongs to the `share` most likely ones of these; above 1 where there are none, or the share is 0. */
export function likelyFrom(scores: readonly number[], share: number): number {
  const sorted = [...scores].sort((left, right) => right - left);
  const count = Math.floor(sorted.length * Math.min(1, Math.max(0, share)));
  return sorted[count - 1] ?? 2;
}
