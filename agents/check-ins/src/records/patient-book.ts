import type { AccountId } from '@baton/kernel';
import { nameForText, sendingHours } from '@baton/policy';
import type { Enrolment } from '@baton/wire';
import type { Patient, Patients } from '../core/ports.ts';
import type { EffectOf } from '../core/track.ts';
import type { ReachBook } from './reach-book.ts';

/** Patients as the collection `texting` knows them. */
export class PatientBook implements Patients {
  readonly #reach: ReachBook;
  readonly #me: AccountId;

  constructor(reach: ReachBook, me: AccountId) {
    this.#reach = reach;
    this.#me = me;
  }

  of(ref: string): Patient | null {
    const { settings } = this.#reach;
    const reach = this.#reach.of(ref);
    if (settings === null || reach === null) return null;
    const { practice, phone, timeZone, quiet } = settings;
    return {
      reach,
      standing: this.#reach.standing(ref),
      hours: sendingHours(quiet),
      practice: { name: nameForText(practice, reach.language), phone, timeZone },
    };
  }

  async giveConsent({ ref, consent }: Enrolment, { at, how, note }: EffectOf<'consent'>): Promise<void> {
    await this.#reach.giveConsent({ ref, id: consent, at, how, by: this.#me, note });
  }
}
