import { isPrivateVisit, type QuietHours, type ReminderReach } from '@baton/clinical';
import type { AccountId, ConversationId, TimestampMs } from '@baton/kernel';
import {
  findConsent,
  nameForText,
  planTextTime,
  quietEnds,
  type SendingHours,
  sendingHours,
} from '@baton/policy';
import type {
  Appointment,
  Consent,
  Language,
  OptOut,
  Reach,
  TextingSettings,
  TextingValue,
} from '@baton/wire';

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
        for (const conv of [value.conversation, value.confidential])
          if (conv) this.#places.set(conv, value.ref);
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
        const before = planOf(this.#settings);
        this.#settings = value;
        this.#hours = sendingHours(value.quiet);
        if (before !== planOf(value)) this.#changed(null);
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

  /** Whether what is said of this visit (null: of none that there is) is for the patient's own eyes. */
  isPrivate(ref: string, visit: Pick<Appointment, 'shareable'> | null, nowMs: TimestampMs): boolean {
    const birthDate = this.#reach.get(ref)?.birthDate ?? null;
    const confidentialFromAge = this.#settings?.confidentialFromAge ?? null;
    return isPrivateVisit(visit ?? {}, { birthDate, confidentialFromAge, nowMs });
  }

  /** Where it is said: a private matter only in the patient's own conversation, which no proxy reads and no text announces; null: nowhere. */
  placeOf(
    ref: string,
    visit: Pick<Appointment, 'shareable'> | null,
    nowMs: TimestampMs,
  ): ConversationId | null {
    const reach = this.#reach.get(ref);
    const place = this.isPrivate(ref, visit, nowMs) ? reach?.confidential : reach?.conversation;
    return place ?? null;
  }

  /** What may be said to this patient at that moment. `contacts`: when the assistant wrote to them lately. */
  reachOf(
    ref: string,
    nowMs: TimestampMs,
    { contacts, isPrivate }: { readonly contacts: readonly TimestampMs[]; readonly isPrivate: boolean },
  ): ReminderReach | null {
    const reach = this.#reach.get(ref);
    if (!reach) return null;
    const readers = readersOf(reach.people, nowMs).filter(
      ({ relation }) => !isPrivate || relation === 'self',
    );
    const mobile = mobileOf(reach);
    const consents = [...(this.#consents.get(ref)?.values() ?? [])];
    const has = (purpose: Consent['purpose']): boolean => findConsent(consents, purpose, mobile) !== null;
    const isFree = reach.channel !== 'link' || has('texts') || has('reminders');
    const cap = this.#settings?.cap;
    return {
      deceased: reach.deceased,
      doNotContact: reach.doNotContact,
      optedOut: mobile !== null && this.#outs.get(mobile)?.out === true,
      channel: mobile === null || isPrivate ? 'none' : reach.channel,
      hasPage: readers.length > 0,
      language: reach.language,
      mayAsk: has('check-ins') || has('outreach'),
      cap: isFree || isPrivate || cap === undefined ? null : { ...cap, contacts },
    };
  }

  /** Accounts that read for this patient now. */
  readersOf(ref: string, nowMs: TimestampMs): readonly AccountId[] {
    return readersOf(this.#reach.get(ref)?.people ?? [], nowMs).map(({ account }) => account);
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
  reachableAt(
    ref: string,
    visit: Pick<Appointment, 'shareable'> | null,
    nowMs: TimestampMs,
  ): TimestampMs | null {
    const reach = this.reachOf(ref, nowMs, { contacts: [], isPrivate: this.isPrivate(ref, visit, nowMs) });
    if (!reach || reach.deceased || reach.doNotContact || reach.optedOut) return null;
    if (reach.channel === 'none' && !reach.hasPage) return null;
    return quietEnds(this.#reach.get(ref)?.timeZone ?? '', nowMs, this.#hours);
  }
}

/** What of the settings plans follow from. */
function planOf(settings: TextingSettings | null): string {
  return JSON.stringify([settings?.quiet, settings?.cap, settings?.confidentialFromAge ?? null]);
}

function readersOf(people: Reach['people'], nowMs: TimestampMs): Reach['people'] {
  return people.filter(({ ended, until }) => !ended && (until === null || until > nowMs));
}

function mobileOf(reach: Reach): string | null {
  return reach.phones.find(({ use }) => use === 'mobile')?.number ?? null;
}
