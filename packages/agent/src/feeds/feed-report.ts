import type { Feed } from '@baton/wire';
import type { FeedPorts } from './feed-ports.ts';

/** A burst is one write. */
const WRITE_AFTER_MS = 10_000;
/** That a source was there and had nothing new is written so seldom. */
const SEEN_AFTER_MS = 15 * 60_000;
const MOST_PROBLEMS = 20;

/** How a feed is doing, for the page that shows it. Counts of the last seconds are lost with the process: nothing depends on them. */
export class FeedReport {
  readonly #ports: FeedPorts;
  #taken = 0;
  #refused = 0;
  #problems: Feed['problems'] = [];
  #lastAt: number | null = null;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  taken(): void {
    this.#taken += 1;
    this.#lastAt = this.#ports.context.clock.nowMs();
    this.#soon();
  }

  /** The source was there, and had nothing new. */
  seen(): void {
    const nowMs = this.#ports.context.clock.nowMs();
    this.#lastAt = nowMs;
    if (nowMs - this.#writtenAt >= SEEN_AFTER_MS) this.#soon();
  }

  /** `message` in words for staff; it lies sealed, but names no patient all the same. */
  refused(code: string, message: string): void {
    this.#refused += 1;
    this.problem(code, message);
  }

  problem(code: string, message: string): void {
    const at = this.#ports.context.clock.nowMs();
    this.#lastAt = at;
    const problem = { at, code: code.slice(0, 60), message: message.slice(0, 300) };
    this.#problems = withoutRepeats([problem, ...this.#problems]);
    this.#soon();
  }

  /** What is counted and not yet written. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    const { context, values, feed } = this.#ports;
    const [taken, refused, problems, lastAt] = [this.#taken, this.#refused, this.#problems, this.#lastAt];
    if (lastAt === null || !context.lease.isHeld) return;
    [this.#taken, this.#refused, this.#problems, this.#lastAt] = [0, 0, [], null];
    this.#writtenAt = context.clock.nowMs();
    await values
      .update(`feed:${feed}`, (newest) => {
        const known = newest?.value.t === 'feed' ? newest.value : null;
        return {
          t: 'feed',
          id: feed,
          kind: feed,
          lastAt,
          taken: (known?.taken ?? 0) + taken,
          refused: (known?.refused ?? 0) + refused,
          problems: withoutRepeats([...problems, ...(known?.problems ?? [])]),
        };
      })
      .catch(() => {
        // The next one says it.
        this.#taken += taken;
        this.#refused += refused;
        this.#problems = [...this.#problems, ...problems].slice(0, MOST_PROBLEMS);
        this.#lastAt ??= lastAt;
        this.#soon();
      });
  }

  #soon(): void {
    this.#cancel ??= this.#ports.context.wait.after(WRITE_AFTER_MS, () => void this.flush());
  }
}

/** Newest first; what goes on is one problem, at its newest time. */
function withoutRepeats(problems: Feed['problems']): Feed['problems'] {
  const isRepeat = (index: number): boolean => {
    const [one, newer] = [problems[index], problems[index - 1]];
    return one?.code === newer?.code && one?.message === newer?.message;
  };
  return problems.filter((_one, index) => index === 0 || !isRepeat(index)).slice(0, MOST_PROBLEMS);
}
