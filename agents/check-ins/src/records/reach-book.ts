import { type NamedValues, ValueFeed } from '@baton/agent';
import type { AccountId, ConversationId, EventId, TimestampMs } from '@baton/kernel';
import { findConsent } from '@baton/policy';
import {
  type Consent,
  type OptOut,
  type Reach,
  type TextingSettings,
  textingKey,
  type TextingValue,
} from '@baton/wire';

/** Who may be written to, and why not: asked again before each message. */
export type Standing = 'may' | 'no-consent' | 'opted-out' | 'do-not-contact' | 'deceased' | 'unknown';

/** The collection `texting`, as far as check-ins need it, by what is looked for. */
export class ReachBook {
  readonly #values: NamedValues<TextingValue>;
  readonly #changed: (ref: string) => void;
  readonly #feed: ValueFeed<TextingValue>;
  readonly #reach = new Map<string, Reach>();
  readonly #consents = new Map<string, Map<string, Consent>>();
  readonly #outs = new Map<string, OptOut>();
  readonly #places = new Map<ConversationId, string>();
  #settings: TextingSettings | null = null;

  constructor(
    values: NamedValues<TextingValue>,
    {
      changed,
      stirred,
    }: {
      /** How, or whether, a patient may be written to changed. */
      readonly changed: (ref: string) => void;
      /** There is something to be read: `current` does it. */
      readonly stirred: () => void;
    },
  ) {
    this.#values = values;
    this.#changed = changed;
    this.#feed = new ValueFeed({
      values,
      keyOf: textingKey,
      isWanted: ({ t }) => t !== 'order',
      apply: (value) => this.#apply(value),
      stirred,
    });
  }

  get settings(): TextingSettings | null {
    return this.#settings;
  }

  load(): Promise<void> {
    return this.#feed.load();
  }

  stop(): void {
    this.#feed.stop();
  }

  current(): Promise<void> {
    return this.#feed.current();
  }

  newest(): Promise<void> {
    return this.#feed.newest();
  }

  of(ref: string): Reach | null {
    return this.#reach.get(ref) ?? null;
  }

  refOf(conv: ConversationId): string | null {
    return this.#places.get(conv) ?? null;
  }

  /** Of what this device was told last; `newest` first, where it must not be older than now. */
  standing(ref: string): Standing {
    const reach = this.#reach.get(ref);
    if (reach === undefined || reach.conversation === null) return 'unknown';
    if (reach.deceased) return 'deceased';
    if (reach.doNotContact) return 'do-not-contact';
    const mobile = mobileOf(reach);
    if (mobile !== null && this.#outs.get(mobile)?.out) return 'opted-out';
    const consents = [...(this.#consents.get(ref)?.values() ?? [])];
    return findConsent(consents, 'check-ins', mobile) === null ? 'no-consent' : 'may';
  }

  /** Writes down a consent that the patient gave by an answer. The same for every try. */
  async giveConsent(given: {
    readonly ref: string;
    readonly id: EventId;
    readonly at: TimestampMs;
    readonly how: 'web' | 'text';
    readonly by: AccountId;
    readonly note: string;
  }): Promise<void> {
    const { ref, id, at, how, by, note } = given;
    await this.#values.update(`consent:${ref}:${id}`, (newest) => {
      if (newest) return null;
      return {
        t: 'consent',
        id,
        ref,
        purpose: 'check-ins',
        phone: null,
        given: { at, how, by, warning: null, note },
        revoked: null,
      };
    });
    await this.current();
  }

  #apply(value: TextingValue): void {
    switch (value.t) {
      case 'reach':
        this.#reach.set(value.ref, value);
        if (value.conversation) this.#places.set(value.conversation, value.ref);
        return this.#changed(value.ref);
      case 'consent': {
        const own = this.#consents.get(value.ref) ?? new Map<string, Consent>();
        this.#consents.set(value.ref, own.set(value.id, value));
        return this.#changed(value.ref);
      }
      case 'optout':
        this.#outs.set(value.number, value);
        for (const reach of this.#reach.values())
          if (mobileOf(reach) === value.number) this.#changed(reach.ref);
        return;
      case 'settings':
        this.#settings = value;
        return;
      case 'order':
        return;
    }
  }
}

function mobileOf(reach: Reach): string | null {
  return reach.phones.find(({ use }) => use === 'mobile')?.number ?? null;
}
