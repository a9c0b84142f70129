import type { QuietHours, ReminderReach } from '@baton/clinical';
import type { ConversationId, TimestampMs } from '@baton/kernel';
import {
  findConsent,
  nameForText,
  planTextTime,
  quietEnds,
  type SendingHours,
  sendingHours,
} from '@baton/policy';
import type { Consent, Language, OptOut, Reach, TextingSettings, TextingValue } from '@baton/wire';

/** A patient as the assistant knows them. */
export interface Person {
  readonly ref: string;
  readonly conv: ConversationId | null;
  /** As staff know them. */
  readonly name: string;
  readonly given: string;
  readonly language: Language;
  readonly timeZone: string;
}

/** Until there are settings of texting: the law's own hours. */
const ANY_QUIET = { from: 0, until: 1440 } as const;

/** The collection `texting`, as far as reminders need it. */
export class People {
  readonly #reach = new Map<string, Reach>();
  readonly #places = new Map<ConversationId, string>();
  readonly #consents = new Map<string, Map<string, Consent>>();
  readonly #outs = new Map<string, OptOut>();
  readonly #refsOfNumber = new Map<string, Set<string>>();
  /** null: every patient's. */
  readonly #changed: (ref: string | null) => void;
  #settings: TextingSettings | null = null;
  #hours: SendingHours = sendingHours(ANY_QUIET);

  constructor(changed: (ref: string | null) => void) {
    this.#changed = changed;
  }

  static isWanted({ t }: TextingValue): boolean {
    return t !== 'order';
  }

  apply(value: TextingValue): void {
    switch (value.t) {
      case 'reach':
        this.#reach.set(value.ref, value);
        if (value.conversation) this.#places.set(value.conversation, value.ref);
        for (const { number } of value.phones) {
          const known = this.#refsOfNumber.get(number);
          if (known) known.add(value.ref);
          else this.#refsOfNumber.set(number, new Set([value.ref]));
        }
        return this.#changed(value.ref);
      case 'consent': {
        const own = this.#consents.get(value.ref) ?? new Map<string, Consent>();
        this.#consents.set(value.ref, own.set(value.id, value));
        return this.#changed(value.ref);
      }
      case 'optout':
        this.#outs.set(value.number, value);
        for (const ref of this.#refsOfNumber.get(value.number) ?? []) this.#changed(ref);
        return;
      case 'settings': {
        const before = JSON.stringify([this.#settings?.quiet, this.#settings?.cap]);
        this.#settings = value;
        this.#hours = sendingHours(value.quiet);
        if (before !== JSON.stringify([value.quiet, value.cap])) this.#changed(null);
        return;
      }
      case 'order':
        return;
    }
  }

  get timeZone(): string {
    return this.#settings?.timeZone ?? 'America/New_York';
  }

  get phone(): string {
    return this.#settings?.phone ?? '';
  }

  practice(language: Language): string {
    return nameForText(this.#settings?.practice ?? '', language);
  }

  refOf(conv: ConversationId): string | null {
    return this.#places.get(conv) ?? null;
  }

  of(ref: string): Person | null {
    const reach = this.#reach.get(ref);
    if (!reach) return null;
    const { conversation: conv, name, given, language, timeZone } = reach;
    return { ref, conv, name, given: given[0] ?? '', language, timeZone };
  }

  /** What may be said to this patient at that moment. `contacts`: when the assistant wrote to them lately. */
  reachOf(ref: string, nowMs: TimestampMs, contacts: readonly TimestampMs[]): ReminderReach | null {
    const reach = this.#reach.get(ref);
    if (!reach) return null;
    const mobile = mobileOf(reach);
    const consents = [...(this.#consents.get(ref)?.values() ?? [])];
    const has = (purpose: Consent['purpose']): boolean => findConsent(consents, purpose, mobile) !== null;
    const isFree = reach.channel !== 'link' || has('texts') || has('reminders');
    const cap = this.#settings?.cap;
    return {
      deceased: reach.deceased,
      doNotContact: reach.doNotContact,
      optedOut: mobile !== null && this.#outs.get(mobile)?.out === true,
      channel: mobile === null ? 'none' : reach.channel,
      hasPage: reach.people.some(({ ended, until }) => !ended && (until === null || until > nowMs)),
      language: reach.language,
      mayAsk: has('check-ins') || has('outreach'),
      cap: isFree || cap === undefined ? null : { ...cap, contacts },
    };
  }

  quietOf(ref: string, nowMs: TimestampMs): QuietHours {
    const timeZone = this.#reach.get(ref)?.timeZone ?? this.timeZone;
    const hours = this.#hours;
    return {
      goesAt: (wantedMs, mayMoveEarlier) =>
        planTextTime({ timeZone, wantedMs, nowMs, hours, mayMoveEarlier }),
    };
  }

  /** When this patient can be written to again by an offer or a recall; null: not at all. */
  reachableAt(ref: string, nowMs: TimestampMs): TimestampMs | null {
    const reach = this.reachOf(ref, nowMs, []);
    if (!reach || reach.deceased || reach.doNotContact || reach.optedOut) return null;
    if (reach.channel === 'none' && !reach.hasPage) return null;
    return quietEnds(this.#reach.get(ref)?.timeZone ?? '', nowMs, this.#hours);
  }
}

function mobileOf(reach: Reach): string | null {
  return reach.phones.find(({ use }) => use === 'mobile')?.number ?? null;
}
