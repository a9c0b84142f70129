/** One figure beside its limit. */
export interface Row {
  readonly figure: string;
  readonly measured: string;
  readonly limit: string;
  /** Measured against the limit, in the goal's terms. */
  readonly ratio: number | null;
  readonly goal: string;
  readonly met: boolean | null;
  readonly verdict: string;
}

export function seconds(value: number): string {
  return `${(value / 1000).toFixed(1)} s`;
}

export function ms(value: number): string {
  return `${value < 1 ? value.toFixed(3) : value.toFixed(2)} ms`;
}

export function perSecond(value: number): string {
  return `${Math.round(value)}/s`;
}
