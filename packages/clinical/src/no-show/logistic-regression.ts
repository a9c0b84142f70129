/** Rows of features with what came of each: 1 or 0. */
export interface TrainingRow {
  readonly x: readonly number[];
  readonly y: 0 | 1;
}

export interface LogisticFit {
  readonly intercept: number;
  /** In units of the features as they are; the linear predictor is `intercept + sum of weight * (x - mean)`. */
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly isConverged: boolean;
}

const MOST_STEPS = 60;
const CONVERGED = 1e-10;

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares) with a ridge on the standardised weights; the intercept is not
 * penalised. No dice: the same rows give the same weights. A feature that never varies gets the weight 0.
 */
export function fitLogistic(rows: readonly TrainingRow[], ridge: number): LogisticFit {
  const size = rows[0]?.x.length ?? 0;
  const means = columns(size, (at) => meanOf(rows.map(({ x }) => x[at] ?? 0)));
  const spreads = columns(size, (at) =>
    Math.sqrt(meanOf(rows.map(({ x }) => ((x[at] ?? 0) - (means[at] ?? 0)) ** 2))),
  );
  const scaled = rows.map(({ x, y }) => ({
    y,
    x: [1, ...x.map((value, at) => (spreads[at] ? (value - (means[at] ?? 0)) / (spreads[at] ?? 1) : 0))],
  }));
  let beta: readonly number[] = columns(size + 1, () => 0);
  let isConverged = false;
  for (let step = 0; step < MOST_STEPS && !isConverged; step += 1) {
    const change = newtonStep(scaled, beta, ridge);
    // A step that overshoots is halved: with a ridge the target is concave and has one top.
    let scale = 1;
    let next = beta;
    const now = target(scaled, beta, ridge);
    do {
      next = beta.map((value, at) => value + scale * (change[at] ?? 0));
      scale /= 2;
    } while (target(scaled, next, ridge) < now - 1e-12 && scale > 1e-6);
    isConverged = Math.max(...next.map((value, at) => Math.abs(value - (beta[at] ?? 0)))) < CONVERGED;
    beta = next;
  }
  return {
    intercept: beta[0] ?? 0,
    weights: columns(size, (at) => (spreads[at] ? (beta[at + 1] ?? 0) / (spreads[at] ?? 1) : 0)),
    means,
    isConverged,
  };
}

export function sigmoid(linear: number): number {
  return linear >= 0 ? 1 / (1 + Math.exp(-linear)) : 1 - 1 / (1 + Math.exp(linear));
}

type Scaled = readonly { readonly x: readonly number[]; readonly y: 0 | 1 }[];

function newtonStep(rows: Scaled, beta: readonly number[], ridge: number): readonly number[] {
  const size = beta.length;
  const gradient = beta.map((value, at) => (at === 0 ? 0 : -ridge * value));
  const curvature = columns(size, (row) =>
    columns(size, (at) => (row === at && row > 0 ? ridge : row === at ? 1e-9 : 0)),
  );
  for (const { x, y } of rows) {
    const chance = sigmoid(dot(beta, x));
    const weight = chance * (1 - chance);
    for (let row = 0; row < size; row += 1) {
      const value = x[row] ?? 0;
      gradient[row] = (gradient[row] ?? 0) + (y - chance) * value;
      const line = curvature[row] ?? [];
      for (let at = 0; at <= row; at += 1) line[at] = (line[at] ?? 0) + weight * value * (x[at] ?? 0);
    }
  }
  return solvePositive(curvature, gradient);
}

/** Penalised log likelihood. */
function target(rows: Scaled, beta: readonly number[], ridge: number): number {
  const penalty = beta.slice(1).reduce((sum, value) => sum + value * value, 0);
  return rows.reduce(
    (sum, { x, y }) => {
      const linear = dot(beta, x);
      // log(1 + e^linear) without overflow
      const soft = Math.max(linear, 0) + Math.log1p(Math.exp(-Math.abs(linear)));
      return sum + y * linear - soft;
    },
    -(ridge / 2) * penalty,
  );
}

/** Solves a symmetric positive definite system of which the lower half is given (Cholesky). */
function solvePositive(matrix: readonly number[][], right: readonly number[]): readonly number[] {
  const size = right.length;
  const lower = columns(size, () => columns(size, () => 0));
  for (let row = 0; row < size; row += 1) {
    for (let at = 0; at <= row; at += 1) {
      let sum = matrix[row]?.[at] ?? 0;
      for (let k = 0; k < at; k += 1) sum -= (lower[row]?.[k] ?? 0) * (lower[at]?.[k] ?? 0);
      const line = lower[row] ?? [];
      line[at] = row === at ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (lower[at]?.[at] ?? 1);
    }
  }
  const forward: number[] = [];
  for (let row = 0; row < size; row += 1) {
    let sum = right[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (lower[row]?.[k] ?? 0) * (forward[k] ?? 0);
    forward.push(sum / (lower[row]?.[row] ?? 1));
  }
  const solution = columns(size, () => 0);
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = forward[row] ?? 0;
    for (let k = row + 1; k < size; k += 1) sum -= (lower[k]?.[row] ?? 0) * (solution[k] ?? 0);
    solution[row] = sum / (lower[row]?.[row] ?? 1);
  }
  return solution;
}

function columns<T>(size: number, of: (at: number) => T): T[] {
  return Array.from({ length: size }, (_, at) => of(at));
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
