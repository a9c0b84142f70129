import { findRevocation } from '@baton/policy';
import { type Consent, type OptOut, phoneField, type Reach } from '@baton/wire';
import type { TextingView } from '../records/texting-book.ts';
import type { Surroundings } from '../surroundings.ts';

const MOST_WORDS = 200;

interface Said {
  readonly number: string;
  readonly words: string;
  readonly at: number;
}

/** Numbers that want no texts, in the collection `texting`. Each step can be done twice. */
export class OptOuts {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** From the moment it resolves nothing goes to the number. */
  async optOut(said: Said): Promise<void> {
    await this.#write(said, true);
  }

  /** Lifts what was opted out of; whether it may is decided by who calls. */
  async optIn(said: Said): Promise<void> {
    await this.#write(said, false);
  }

  async #write({ number, words, at }: Said, out: boolean): Promise<void> {
    // A sender that is no telephone number (a short code, a name) is sent nothing in any case.
    if (!phoneField.safeParse(number).success) return;
    const { context, texting } = this.#around;
    const value: OptOut = {
      t: 'optout',
      number,
      out,
      at,
      words: words.slice(0, MOST_WORDS),
      by: context.account,
    };
    context.lease.requireHeld();
    await texting.values.update(`optout:${number}`, (newest) => {
      if (newest?.value.t === 'optout' && newest.value.out === out) return null;
      return value;
    });
  }

  /** The phone has another owner: what was consented to for this number is void (T20). The new owner's START brings none of it back. */
  async revokeConsents(
    number: string,
    patients: readonly Reach[],
    view: TextingView,
    at: number,
  ): Promise<void> {
    const { context, texting } = this.#around;
    for (const { ref } of patients) {
      const forNumber = view
        .consentsOf(ref)
        .filter((consent) => consent.phone === number && !consent.revoked);
      for (const { id } of forNumber) {
        context.lease.requireHeld();
        await texting.values.update(`consent:${ref}:${id}`, (newest) => {
          if (newest?.value.t !== 'consent' || newest.value.revoked) return null;
          const revoked: Consent['revoked'] = { at, how: 'text', by: context.account };
          return { ...newest.value, revoked };
        });
      }
    }
  }
}

/** Whether START may lift it: not where the number was said to be somebody else's. */
export function mayLift(optOut: OptOut | null): boolean {
  return optOut?.out === true && findRevocation(optOut.words)?.wrongNumber !== true;
}
