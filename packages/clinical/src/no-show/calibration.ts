import type { NoShowModel } from '@baton/wire';

/** A visit of the held-out part: what the score said, and what came of it. */
export interface Judged {
  readonly predicted: number;
  readonly observed: 0 | 1;
}

/** Mean distance of predicted and observed shares over the groups, by their visits. */
export function calibrationGap(groups: NoShowModel['calibration']): number {
  const visits = groups.reduce((sum, group) => sum + group.visits, 0);
  const gaps = groups.map((group) => group.visits * Math.abs(group.predicted - group.observed));
  return visits === 0 ? 0 : gaps.reduce((sum, gap) => sum + gap, 0) / visits;
}

const MOST_GROUPS = 10;
const LEAST_IN_GROUP = 30;

/** Up to ten groups of about the same size, from the least to the most likely. `predicted` and `observed` are means. */
export function calibrationOf(judged: readonly Judged[]): NoShowModel['calibration'] {
  const sorted = [...judged].sort((left, right) => left.predicted - right.predicted);
  const groups = Math.max(1, Math.min(MOST_GROUPS, Math.floor(sorted.length / LEAST_IN_GROUP)));
  return Array.from({ length: sorted.length === 0 ? 0 : groups }, (_, group) => {
    const own = sorted.slice(
      Math.round((group * sorted.length) / groups),
      Math.round(((group + 1) * sorted.length) / groups),
    );
    return {
      from: own[0]?.predicted ?? 0,
      to: own.at(-1)?.predicted ?? 0,
      visits: own.length,
      predicted: meanOf(own.map(({ predicted }) => predicted)),
      observed: meanOf(own.map(({ observed }) => observed)),
    };
  });
}

/** Mean squared error (G. W. Brier, Mon. Weather Rev. 78 (1950), 1-3): 0 is perfect. null: no visits. */
export function brierOf(judged: readonly Judged[]): number | null {
  return judged.length === 0
    ? null
    : meanOf(judged.map(({ predicted, observed }) => (predicted - observed) ** 2));
}

export interface RankQuality {
  /** Chance that of a missed and a kept visit the missed one has the higher score; ties count half. */
  readonly auc: number;
  /** J. A. Hanley, B. J. McNeil, Radiology 143 (1982), 29-36. */
  readonly standardError: number;
}

/** null where all visits ended alike. */
export function rankQualityOf(judged: readonly Judged[]): RankQuality | null {
  const sorted = [...judged].sort((left, right) => left.predicted - right.predicted);
  const missed = sorted.filter(({ observed }) => observed === 1).length;
  const kept = sorted.length - missed;
  if (missed === 0 || kept === 0) return null;
  let ranks = 0;
  for (let from = 0; from < sorted.length; ) {
    let until = from;
    while (until < sorted.length && sorted[until]?.predicted === sorted[from]?.predicted) until += 1;
    const rank = (from + 1 + until) / 2;
    for (let at = from; at < until; at += 1) if (sorted[at]?.observed === 1) ranks += rank;
    from = until;
  }
  const auc = (ranks - (missed * (missed + 1)) / 2) / (missed * kept);
  const first = auc / (2 - auc);
  const second = (2 * auc * auc) / (1 + auc);
  const variance =
    (auc * (1 - auc) + (missed - 1) * (first - auc * auc) + (kept - 1) * (second - auc * auc)) /
    (missed * kept);
  return { auc, standardError: Math.sqrt(Math.max(0, variance)) };
}

/**
 * z of two tests that a score means what it says: of the mean (in the large), and Spiegelhalter's of the whole (Stat. Med. 5 (1986), 421-433). Near 0 where it
 * does.
 */
export function calibrationTests(judged: readonly Judged[]): {
  readonly mean: number;
  readonly whole: number;
} {
  let difference = 0;
  let variance = 0;
  let spread = 0;
  let spreadVariance = 0;
  for (const { predicted, observed } of judged) {
    const own = predicted * (1 - predicted);
    difference += observed - predicted;
    variance += own;
    spread += (observed - predicted) * (1 - 2 * predicted);
    spreadVariance += (1 - 2 * predicted) ** 2 * own;
  }
  return {
    mean: variance > 0 ? difference / Math.sqrt(variance) : 0,
    whole: spreadVariance > 0 ? spread / Math.sqrt(spreadVariance) : 0,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
