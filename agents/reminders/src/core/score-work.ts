import { noShowRisk, type RiskOf, trainNoShowModel } from '@baton/clinical';
import { DAY_MS, type TimestampMs } from '@baton/kernel';
import type { Around } from './around.ts';

/** Where there is too little to learn from it is tried again every day, else once a week. */
const AGAIN_MS = { off: DAY_MS, inUse: 7 * DAY_MS } as const;
/** Who is likely not to come is worked out from all visits at once, so often at most. */
const RISK_MS = 3_600_000;

/** The practice's own score: trained on its visits, and asked who gets the extra reminder. */
export class ScoreWork {
  readonly #around: Around;
  #risk: { readonly until: TimestampMs; readonly key: string; readonly of: RiskOf | null } | null = null;

  constructor(around: Around) {
    this.#around = around;
  }

  /** null: off, or no model that may be used. */
  riskOf(): RiskOf | null {
    const { index, ports } = this.#around;
    const { settings, model } = index;
    if (!settings?.score.on || model === null || model.off !== null) return null;
    const nowMs = ports.clock.nowMs();
    const key = `${model.id} ${JSON.stringify(settings.score)}`;
    if (this.#risk?.key !== key || this.#risk.until <= nowMs) {
      const visits = [...index.visits.values()];
      const of = noShowRisk({ model, settings: settings.score, visits, records: index.records, nowMs });
      this.#risk = { until: nowMs + RISK_MS, key, of };
    }
    return this.#risk.of;
  }

  /** Trains anew where that is due; answers when to look again. */
  async run(): Promise<TimestampMs | null> {
    const { index, book, ports } = this.#around;
    if (!index.settings?.on) return null;
    const nowMs = ports.clock.nowMs();
    const next = nextTraining(index.model);
    if (next > nowMs) return next;
    const model = trainNoShowModel({ visits: [...index.visits.values()], nowMs });
    const { value } = await book.change('no-show-model', 'no-show-model', (newest) =>
      nextTraining(newest) > nowMs ? null : model,
    );
    ports.note('reminders.trained', []);
    return nextTraining(value ?? model);
  }
}

function nextTraining(
  model: { readonly trainedAt: TimestampMs; readonly off: string | null } | null,
): TimestampMs {
  if (model === null) return 0;
  return model.trainedAt + (model.off === null ? AGAIN_MS.inUse : AGAIN_MS.off);
}
