import type { Clock } from '@baton/kernel';
import { z } from 'zod';
import type { AgentState, Shelf } from '../state/agent-state.ts';

/** So many are kept; the oldest is written over. */
const KEPT = 300;

const activityRow = z.strictObject({
  n: z.number().int().positive(),
  at: z.number().int().nonnegative(),
  /** What was done, in dotted words. */
  action: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/)
    .max(60),
  /** Ids of what it concerned: nothing that anybody wrote. */
  objects: z.array(z.string().regex(/^[a-z]_[A-Za-z0-9_-]{22}(?:\.[0-9]{1,2})?$/)).max(20),
  outcome: z.enum(['ok', 'refused', 'failed']),
});
export type Activity = z.infer<typeof activityRow>;

export interface ActivityPorts {
  readonly state: Pick<AgentState, 'shelf'>;
  readonly clock: Clock;
  /** One line on the station's log. */
  readonly print: (line: string) => void;
}

/** What the agent did, for its own station and for whoever answers for it. Words and ids only, by shape. */
export class ActivityLog {
  readonly #ports: ActivityPorts;
  readonly #shelf: Shelf<Activity>;
  #last: Promise<number>;

  constructor(ports: ActivityPorts) {
    this.#ports = ports;
    this.#shelf = ports.state.shelf('activity', activityRow);
    this.#last = this.#shelf.list().then(
      (all) => Math.max(0, ...all.map(({ value }) => value.n)),
      () => 0,
    );
  }

  /** Never throws for a state that cannot be written now: the line on the log remains. */
  async note(
    action: string,
    objects: readonly string[] = [],
    outcome: Activity['outcome'] = 'ok',
  ): Promise<void> {
    this.#last = this.#last.then((last) => last + 1);
    const n = await this.#last;
    const row = activityRow.parse({ n, at: this.#ports.clock.nowMs(), action, objects, outcome });
    this.#ports.print([action, outcome, ...objects].join(' '));
    try {
      await this.#shelf.put(String(n % KEPT), row);
    } catch {
      this.#ports.print('activity.not-kept failed');
    }
  }

  /** Newest first. */
  async list(): Promise<readonly Activity[]> {
    return (await this.#shelf.list()).map(({ value }) => value).sort((a, b) => b.n - a.n);
  }
}
