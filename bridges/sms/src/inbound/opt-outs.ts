import { type Consent, type OptOut, phoneField, type Reach } from '@baton/wire';
import type { TextingView } from '../records/texting-book.ts';
import { endedAsWrong, isVouchedFor } from '../records/wrong-number.ts';
import type { Surroundings } from '../surroundings.ts';

const MOST_WORDS = 200;
const MOST_REFS = 50;

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

  /** From the moment it resolves nothing goes to the number. `notOf`: it was said to be a wrong one, of these patients. */
  async optOut(said: Said, notOf: readonly string[] | null = null): Promise<void> {
    await this.#write(said, true, (known) => (notOf === null ? known : withRefs(known, notOf)));
  }

  /** Lifts what was opted out of; whether it may is decided by who calls. `holders`: the patients whose number it is. */
  async optIn(said: Said, holders: readonly string[]): Promise<void> {
    await this.#write(said, false, (known) => {
      const left = known?.filter((ref) => !holders.includes(ref)) ?? [];
      return left.length === 0 ? undefined : left;
    });
  }

  async #write(
    { number, words, at }: Said,
    out: boolean,
    refsAfter: (known: readonly string[] | undefined) => readonly string[] | undefined,
  ): Promise<void> {
    // A sender that is no telephone number (a short code, a name) is sent nothing in any case.
    if (!phoneField.safeParse(number).success) return;
    const { context, texting } = this.#around;
    context.lease.requireHeld();
    await texting.values.update(`optout:${number}`, (newest) => {
      const known = newest?.value.t === 'optout' ? newest.value : null;
      const refs = refsAfter(known?.notOf);
      if (known?.out === out && (known.notOf === refs || !out)) return null;
      return {
        t: 'optout',
        number,
        out,
        at,
        words: words.slice(0, MOST_WORDS),
        by: context.account,
        ...(refs && { notOf: [...refs] }),
      };
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

/** Whether START may lift it: where the number was said to be somebody else's, only after staff have taken a consent for it down anew. */
export function mayLift(optOut: OptOut | null, consents: readonly Consent[]): boolean {
  return optOut?.out === true && (!endedAsWrong(optOut) || isVouchedFor(optOut, consents));
}

/** The same list where none is new. */
function withRefs(known: readonly string[] | undefined, more: readonly string[]): readonly string[] {
  const fresh = more.filter((ref) => known?.includes(ref) !== true);
  return known && fresh.length === 0 ? known : [...(known ?? []), ...fresh].slice(-MOST_REFS);
}
