import type { CheckInAlert } from '@baton/wire';

/** What the model is called in an alert; another way of counting is another name. */
const SHADOW_MODEL = 'lines-1';
/** Fewer rated alerts of one line say nothing. */
const ENOUGH = 20;
/** Held back only where even the lower bound of the share of alerts that nobody needed is so high. */
const HOLD_FROM = 0.8;
/** 95 %, two-sided (Wilson score interval). */
const Z = 1.96;

interface Tally {
  rated: number;
  unneeded: number;
}

export type ShadowVerdict = NonNullable<CheckInAlert['shadow']>;

/**
 * Learns, by the protocol's line, which alerts nobody needed: the nurse said "not useful", and the patient did not say "urgent". It says what it would have
 * held back and holds nothing back (docs/protocol/programmes.md §5).
 */
export class ShadowModel {
  readonly #tallies = new Map<string, Tally>();
  /** What was counted of each alert, so that a changed opinion is counted once. */
  readonly #counted = new Map<string, { readonly line: string; readonly unneeded: boolean }>();

  /** The newest value of an alert, in whichever order and however often they come. */
  take(alert: Pick<CheckInAlert, 'id' | 'kind' | 'line' | 'nurseSays' | 'patientSays'>): void {
    const before = this.#counted.get(alert.id);
    if (before) this.#count(before, -1);
    this.#counted.delete(alert.id);
    if (alert.nurseSays === null) return;
    const now = {
      line: lineOf(alert),
      unneeded: alert.nurseSays === 'not-useful' && alert.patientSays !== 'urgent',
    };
    this.#counted.set(alert.id, now);
    this.#count(now, 1);
  }

  /** Red alerts and words for an emergency are never held back, whatever was said of others. */
  judge(alert: Pick<CheckInAlert, 'kind' | 'line' | 'band'>): ShadowVerdict {
    const { rated, unneeded } = this.#tallies.get(lineOf(alert)) ?? { rated: 0, unneeded: 0 };
    const score = rated === 0 ? 0 : unneeded / rated;
    const mayHold = alert.band === 'amber' && alert.kind !== 'red-flag' && rated >= ENOUGH;
    return { model: SHADOW_MODEL, score, wouldSuppress: mayHold && lowerBound(unneeded, rated) >= HOLD_FROM };
  }

  #count({ line, unneeded }: { readonly line: string; readonly unneeded: boolean }, by: number): void {
    const tally = this.#tallies.get(line) ?? { rated: 0, unneeded: 0 };
    this.#tallies.set(line, {
      rated: tally.rated + by,
      unneeded: tally.unneeded + (unneeded ? by : 0),
    });
  }
}

/** What would have been held back of these, and how often that would have been wrong. */
export interface ShadowReport {
  readonly alerts: number;
  readonly rated: number;
  readonly wouldHold: number;
  /** Of those that would have been held back: a nurse found it useful, or the patient said that it was urgent. */
  readonly wronglyHeld: number;
}

export function reportShadow(
  alerts: readonly Pick<CheckInAlert, 'shadow' | 'nurseSays' | 'patientSays'>[],
): ShadowReport {
  const held = alerts.filter(({ shadow }) => shadow?.wouldSuppress === true);
  return {
    alerts: alerts.length,
    rated: alerts.filter(({ nurseSays }) => nurseSays !== null).length,
    wouldHold: held.length,
    wronglyHeld: held.filter(
      ({ nurseSays, patientSays }) => nurseSays === 'useful' || patientSays === 'urgent',
    ).length,
  };
}

function lineOf({ kind, line }: Pick<CheckInAlert, 'kind' | 'line'>): string {
  return `${kind}\0${line}`;
}

function lowerBound(hits: number, of: number): number {
  if (of === 0) return 0;
  const share = hits / of;
  const z2 = Z * Z;
  const spread = Z * Math.sqrt((share * (1 - share) + z2 / (4 * of)) / of);
  return (share + z2 / (2 * of) - spread) / (1 + z2 / of);
}
