import type { NamedValues } from '@baton/agent';
import type { ConversationId, TimestampMs } from '@baton/kernel';
import type { Consent, OptOut, Reach, TextingSettings, TextingValue, TextOrder } from '@baton/wire';
import { isVouchedFor, isWrongNumber } from './wrong-number.ts';

/** The collection `texting` as it was read, by what is looked for. */
export interface TextingView {
  readonly settings: TextingSettings | null;
  readonly reach: ReadonlyMap<string, Reach>;
  /** Patients for whom this number was entered. */
  byNumber(number: string): readonly Reach[];
  /** Those of them whose it still is: nobody has said since that it is a wrong number. */
  holdersOf(number: string): readonly Reach[];
  byConversation(conv: ConversationId): Reach | null;
  consentsOf(ref: string): readonly Consent[];
  optOut(number: string): OptOut | null;
  readonly orders: readonly TextOrder[];
}

/** Reads the collection once for each change of it. */
export class TextingBook {
  readonly values: NamedValues<TextingValue>;
  readonly #unsubscribe: () => void;
  #view: TextingView | null = null;
  #reading: Promise<TextingView> | null = null;
  /** Counts changes: what was read before the newest one is read again. */
  #changes = 0;

  constructor(values: NamedValues<TextingValue>) {
    this.values = values;
    this.#unsubscribe = values.subscribe(() => {
      this.#changes += 1;
      this.#view = null;
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** What this device has been told. */
  async now(): Promise<TextingView> {
    for (;;) {
      if (this.#view) return this.#view;
      this.#reading ??= this.#read().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
  }

  /** What the server has now: for a decision that must not be older than the moment it is made. Throws while the server is not to be reached. */
  async newest(): Promise<TextingView> {
    await this.values.refresh();
    return this.now();
  }

  async #read(): Promise<TextingView> {
    const before = this.#changes;
    const view = viewOf((await this.values.list()).map(({ value }) => value));
    if (before === this.#changes) this.#view = view;
    return view;
  }
}

export function viewOf(values: readonly TextingValue[]): TextingView {
  const reach = new Map<string, Reach>();
  const numbers = new Map<string, Reach[]>();
  const places = new Map<ConversationId, Reach>();
  const consents = new Map<string, Consent[]>();
  const outs = new Map<string, OptOut>();
  const orders: TextOrder[] = [];
  let settings: TextingSettings | null = null;
  const add = <K, V>(map: Map<K, V[]>, key: K, value: V): void =>
    void map.set(key, [...(map.get(key) ?? []), value]);
  for (const value of values) {
    switch (value.t) {
      case 'settings':
        settings = value;
        break;
      case 'reach':
        reach.set(value.ref, value);
        for (const number of new Set(value.phones.map((phone) => phone.number))) add(numbers, number, value);
        for (const conv of [value.conversation, value.confidential]) if (conv) places.set(conv, value);
        break;
      case 'consent':
        add(consents, value.ref, value);
        break;
      case 'optout':
        outs.set(value.number, value);
        break;
      case 'order':
        orders.push(value);
        break;
    }
  }
  return {
    settings,
    reach,
    byNumber: (number) => numbers.get(number) ?? [],
    holdersOf: (number) =>
      (numbers.get(number) ?? []).filter(
        ({ ref }) => !isDenied(outs.get(number) ?? null, ref, consents.get(ref) ?? []),
      ),
    byConversation: (conv) => places.get(conv) ?? null,
    consentsOf: (ref) => consents.get(ref) ?? [],
    optOut: (number) => outs.get(number) ?? null,
    orders,
  };
}

/** It was said to be a wrong number of this patient, and nobody has said otherwise since. */
function isDenied(optOut: OptOut | null, ref: string, consents: readonly Consent[]): boolean {
  if (optOut === null || !isWrongNumber(optOut)) return false;
  // One of before the patients were written down is about all of them.
  if (optOut.notOf && !optOut.notOf.includes(ref)) return false;
  return !isVouchedFor(optOut, consents);
}

/** The number that texts to this patient go to; null where none is mobile. */
export function mobileOf(reach: Reach): string | null {
  return reach.phones.find(({ use }) => use === 'mobile')?.number ?? null;
}

/** Accounts that read the page for this patient. */
export function readersOf(reach: Reach, nowMs: TimestampMs): readonly Reach['people'][number]['account'][] {
  return reach.people
    .filter(({ ended, until }) => !ended && (until === null || until > nowMs))
    .map(({ account }) => account);
}
