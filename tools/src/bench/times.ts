import { availableParallelism, loadavg } from 'node:os';
import { quantile } from './statistics.ts';

/** Of something that was done many times. */
export interface Times {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Does it so often, so many at once. */
export async function measure(
  count: number,
  atOnce: number,
  one: (index: number) => Promise<void>,
): Promise<Times> {
  const took: number[] = [];
  let next = 0;
  const begun = performance.now();
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const at = performance.now();
      await one(index);
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return timesOf(took, performance.now() - begun);
}

export function timesOf(took: readonly number[], allMs: number): Times {
  return { perSecond: (took.length / allMs) * 1000, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99) };
}

/** Milliseconds of processor for each of them, by who used it (`processorTimes`). */
export function processorOf(given: {
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  readonly count: number;
}): Readonly<Record<string, number>> {
  const { before, after, count } = given;
  return Object.fromEntries(
    Object.entries(after).map(([who, ms]) => [who, (ms - (before[who] ?? 0)) / count]),
  );
}

/** Who is busiest, in a sentence. */
export function limitOf(
  processorMs: Readonly<Record<string, number>>,
  { perSecond, what }: { readonly perSecond: number; readonly what: string },
): string {
  const [most] = Object.entries(processorMs).sort(([, a], [, b]) => b - a);
  if (most === undefined) return 'unknown';
  const busy = Object.values(processorMs).reduce((sum, ms) => sum + ms, 0);
  const share = Math.round((busy * perSecond) / 10);
  const load = (loadavg()[0] ?? 0) / availableParallelism();
  const others = load > 2 ? `; ${load.toFixed(1)} runnable per processor: others were at work too` : '';
  return `${most[0]} ${most[1].toFixed(1)} of ${busy.toFixed(1)} ms of processor ${what}; all use ${share} % of one, the rest is waiting${others}`;
}
