import type { KeptValue, Shelf } from '@baton/agent';
import type { EventId } from '@baton/kernel';
import type { Enrolment, ProgrammesValue } from '@baton/wire';
import { z } from 'zod';

export const confirmedPlanSchema = z.strictObject({
  v: z.literal(1),
  /** JSON of the regimen. */
  plan: z.string().max(20_000),
});
type ConfirmedPlan = z.infer<typeof confirmedPlanSchema>;

const WHY = 'Nobody who may confirm doses has signed this plan. Confirm it again.';

/**
 * Plans of medicine that their confirmer wrote, with the right to (docs/protocol/programmes.md §5): seen in a put of theirs, now or earlier. What was seen is
 * remembered, because a station that is new to the collection has the newest put of each enrolment only, which may be somebody else's.
 */
export class ConfirmedPlans {
  readonly #shelf: Shelf<ConfirmedPlan>;
  readonly #known = new Map<string, string>();
  readonly #unwritten = new Set<EventId>();
  #isLoaded = false;

  constructor(shelf: Shelf<ConfirmedPlan>) {
    this.#shelf = shelf;
  }

  async load(): Promise<void> {
    if (this.#isLoaded) return;
    for (const { key, value } of await this.#shelf.list()) this.#known.set(key, value.plan);
    this.#isLoaded = true;
  }

  /** The enrolment as it may be carried out: a plan that its confirmer did not write is as good as one whose order changed. */
  asItStands(enrolment: Enrolment, { firm, at }: Pick<KeptValue<ProgrammesValue>, 'firm' | 'at'>): Enrolment {
    const { id, regimen, stale } = enrolment;
    if (regimen === null) return enrolment;
    const plan = JSON.stringify(regimen);
    const isKnown = this.#known.get(id) === plan;
    if (firm && !isKnown) {
      this.#known.set(id, plan);
      this.#unwritten.add(id);
    }
    return firm || isKnown || stale !== null ? enrolment : { ...enrolment, stale: { since: at, why: WHY } };
  }

  /** Writes down what was seen; where that fails, the next time does it. */
  async keep(): Promise<void> {
    for (const id of [...this.#unwritten]) {
      const plan = this.#known.get(id);
      if (plan !== undefined)
        await this.#shelf.update(id, (newest) => (newest?.value.plan === plan ? undefined : { v: 1, plan }));
      this.#unwritten.delete(id);
    }
  }
}
