/**
 * When a score may be used. All of it is for the practice to sign off; the sources say where a first value comes from.
 */
export interface NoShowSettings {
  /** Visits with a known end that a score is trained on, at least. Site setting; a quarter of a year of a small practice. */
  readonly leastVisits: number;
  /**
   * No-shows in the training part per weight. 10: P. Peduzzi et al., J. Clin. Epidemiol. 49 (1996), 1373-1379 (events per variable in logistic regression).
   */
  readonly noShowsPerWeight: number;
  /**
   * No-shows in the held-out part. 100: Y. Vergouwe et al., J. Clin. Epidemiol. 58 (2005), 475-483 (events needed to validate a prediction).
   */
  readonly leastHeldOutNoShows: number;
  /** Share of visits, the newest, that the score is tried on and never trained on. */
  readonly heldOutShare: number;
  /** Pull towards the practice's own rate, in visits, for a patient's share of missed visits: with so many visits of their own it counts half. */
  readonly shrinkVisits: number;
  /** Only visits that were over so many days before a visit count as earlier: the score is made some days ahead. */
  readonly knownDaysBefore: number;
  /** Penalty on the squares of the weights of standardised features. */
  readonly ridge: number;
  /** Largest |z| of calibration (D. J. Spiegelhalter, Stat. Med. 5 (1986), 421-433; and of the mean): two-sided 5 %. */
  readonly mostZ: number;
  /**
   * Largest mean distance of predicted and observed shares over the groups of the calibration table. A score is not calibrated where it fails a test and is off by
   * more than this: with many visits a test finds what matters to nobody. Site setting.
   */
  readonly mostGap: number;
}

export const DEFAULT_NO_SHOW_SETTINGS: NoShowSettings = {
  leastVisits: 1000,
  noShowsPerWeight: 10,
  leastHeldOutNoShows: 100,
  heldOutShare: 0.3,
  shrinkVisits: 5,
  knownDaysBefore: 3,
  ridge: 1,
  mostZ: 1.959963984540054,
  mostGap: 0.03,
};
