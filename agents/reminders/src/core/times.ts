import {
  answerVisit,
  bookSlot,
  dateWords,
  freeSlot,
  holdSlot,
  isEndedStatus,
  slotsToChoose,
  timeChoices,
  timeWords,
  type VisitAnswer,
  writeBackOf,
} from '@baton/clinical';
import { MINUTE_MS, type MessageId, type TimestampMs } from '@baton/kernel';
import type { Appointment, Prompt, Slot } from '@baton/wire';
import type { Around } from './around.ts';
import type { Person } from './people.ts';
import type { Answer } from './ports.ts';

/** Feeds whose visits are the record system's: a time of theirs is free again when it says so. */
const FEEDS: ReadonlySet<Appointment['source']['kind']> = new Set(['fhir', 'hl7v2']);

export interface ChoiceWish {
  readonly person: Person;
  readonly answer: Pick<Answer, 'conv' | 'id'>;
  readonly kind: Prompt['kind'];
  readonly about: string;
  readonly service: Appointment['service'];
  readonly practitioner: Appointment['practitioner'];
  readonly visit: Appointment | null;
  readonly recall: string | null;
}

/** Visits and slots: who has which time. A slot is whose it says it is, by compare-and-set; everything else follows from that and can be done again. */
export class Times {
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Writes an answer; what the visit says afterwards, or null where it has ended and takes none. */
  async answer(visit: Appointment, answer: VisitAnswer, at: TimestampMs): Promise<Appointment | null> {
    const { book } = this.#around;
    const nowMs = this.#now();
    const { value } = await book.change('appointment', `appointment:${visit.id}`, (newest) => {
      return newest && newest.start > nowMs
        ? answerVisit(newest, { answer, by: 'patient', at, nowMs })
        : null;
    });
    // Also where a run that broke off had written it: what follows is done again.
    if (value === null || value.answer.state !== answer || value.start <= nowMs) return null;
    await this.#writeBack(value);
    if (answer === 'declined') await this.free(value);
    return value;
  }

  /** The time of a visit that was given up is somebody else's to have. */
  async free(visit: Appointment): Promise<void> {
    const { book } = this.#around;
    const nowMs = this.#now();
    if (visit.start <= nowMs) return;
    if (visit.slot !== null) {
      await book.change('slot', `slot:${visit.slot}`, (slot) => slot && freeSlot(slot, visit.id, nowMs));
      return;
    }
    if (FEEDS.has(visit.source.kind)) return;
    await this.#open(visit);
  }

  /** The record system took a cancellation that a patient had asked for. */
  async freeTaken(appointment: string): Promise<void> {
    const visit = this.#around.index.visits.get(appointment);
    const isGivenUp =
      visit?.status === 'cancelled' && ['declined', 'reschedule'].includes(visit.answer.state);
    if (visit && isGivenUp && visit.slot === null && visit.start > this.#now()) await this.#open(visit);
  }

  async #open(visit: Appointment): Promise<void> {
    const { start, end, timeZone, service, practitioner, location } = visit;
    const id = `freed-${visit.id}`.slice(0, 160);
    await this.#around.book.change('slot', `slot:${id}`, (known) => {
      if (known) return null;
      const place = { start, end, timeZone, service, practitioner, location };
      return { t: 'slot', id, ...place, state: 'free', holder: null, updatedAt: this.#now() };
    });
  }

  /** Takes a slot for a patient; null: somebody else has it. Makes the visit, once. */
  async book(input: {
    readonly slot: string;
    /** Offer or choice that it was held for. */
    readonly held: string;
    readonly appointment: string;
    readonly ref: string;
    readonly instead: Appointment | null;
    /** Message that tells the patient. */
    readonly told: MessageId;
  }): Promise<Appointment | null> {
    const { book } = this.#around;
    const { held, appointment, ref, instead } = input;
    const nowMs = this.#now();
    const { value: slot } = await book.change('slot', `slot:${input.slot}`, (newest) => {
      if (newest?.holder?.id === appointment) return null;
      return newest && newest.start > nowMs ? bookSlot(newest, { held, appointment, ref }, nowMs) : null;
    });
    if (slot?.holder?.kind !== 'appointment' || slot.holder.id !== appointment) return null;
    // Already said to the patient: no step that was due before speaks of it again.
    await book.change('sent', `sent:${appointment}`, (known) => {
      if (known) return null;
      const said = {
        step: 'booked',
        start: slot.start,
        at: nowMs,
        state: 'sent',
        note: null,
        message: input.told,
      } as const;
      return { t: 'sent', appointment, steps: [said], score: null };
    });
    const { value } = await book.change('appointment', `appointment:${appointment}`, (known) =>
      known ? null : visitIn(slot, { id: appointment, ref, instead, nowMs }),
    );
    if (value) await this.#writeBack(value);
    if (instead) await this.#giveUp(instead);
    return value;
  }

  async #giveUp(visit: Appointment): Promise<void> {
    const nowMs = this.#now();
    const { value } = await this.#around.book.change('appointment', `appointment:${visit.id}`, (newest) =>
      newest && !isEndedStatus(newest.status) ? { ...newest, status: 'cancelled', updatedAt: nowMs } : null,
    );
    if (value?.status !== 'cancelled') return;
    await this.#writeBack(value);
    await this.free(value);
  }

  /** Holds free times for a patient to choose from, and says them; answers whether there were any. The same for every try. */
  async offerChoices(wish: ChoiceWish): Promise<boolean> {
    const { ports, index, say } = this.#around;
    const { person, answer, visit } = wish;
    const { settings } = index;
    if (!settings) return false;
    const nowMs = this.#now();
    const id = await ports.messageId('times', answer.id);
    let row = await ports.choices.get(id);
    if (row === null) {
      const until = nowMs + settings.holdMinutes * MINUTE_MS;
      const slots = await this.#hold(wish, { id, until, most: settings.slotChoices });
      if (slots.length === 0) return false;
      row = { appointment: visit?.id ?? null, recall: wish.recall, slots, until, taken: null };
      await ports.choices.put(id, row);
    }
    const held = row.slots.flatMap((slot) => index.slots.get(slot) ?? []);
    const { language } = person;
    const times = held.map(
      ({ start, timeZone }) =>
        `${dateWords(start, timeZone, language)}, ${timeWords(start, timeZone, language)}`,
    );
    const said = say.reply(person, {
      id,
      name: 'choices',
      kind: wish.kind,
      about: wish.about,
      step: 'times',
      visit: null,
      choices: timeChoices(times, language),
      until: row.until,
      places: { times: times.map((time, each) => `${each + 1}: ${time}`).join('; ') },
      nowMs,
    });
    ports.lease.requireHeld();
    await ports.door.send(answer.conv, said);
    return true;
  }

  async #hold(
    { service, practitioner, visit, person }: ChoiceWish,
    { id, until, most }: { readonly id: string; readonly until: TimestampMs; readonly most: number },
  ): Promise<string[]> {
    const { index, book } = this.#around;
    const nowMs = this.#now();
    // Held already by a run that broke off before it had written them down.
    const held = [...index.slots.values()].filter(({ holder }) => holder?.id === id);
    const tried = new Set(held.map((slot) => slot.id));
    while (held.length < most) {
      const free = [...index.slots.values()].filter((slot) => !tried.has(slot.id));
      const wanted = slotsToChoose(free, {
        service,
        practitioner,
        not: visit?.slot ?? null,
        most: most - held.length,
        nowMs,
      });
      if (wanted.length === 0) break;
      for (const slot of wanted) {
        tried.add(slot.id);
        const { value } = await book.change(
          'slot',
          `slot:${slot.id}`,
          (newest) => newest && holdSlot(newest, { kind: 'choice', id, ref: person.ref, until }, nowMs),
        );
        if (value?.holder?.id === id) held.push(value);
      }
    }
    return held.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1)).map((slot) => slot.id);
  }

  /** Slots of a choice that is over are anybody's again. */
  async release(held: string, slots: readonly string[]): Promise<void> {
    for (const id of slots)
      await this.#around.book.change(
        'slot',
        `slot:${id}`,
        (slot) => slot && freeSlot(slot, held, this.#now()),
      );
  }

  async #writeBack(visit: Appointment): Promise<void> {
    await this.#around.book.change('write-back', `write-back:${visit.id}`, (known) => {
      const next = writeBackOf(visit, this.#now());
      const isSame =
        known?.status === next.status &&
        known.answer === next.answer &&
        known.start === next.start &&
        known.end === next.end;
      return isSame ? null : next;
    });
  }

  #now(): TimestampMs {
    return this.#around.ports.clock.nowMs();
  }
}

function visitIn(
  slot: Slot,
  {
    id,
    ref,
    instead,
    nowMs,
  }: {
    readonly id: string;
    readonly ref: string;
    readonly instead: Appointment | null;
    readonly nowMs: TimestampMs;
  },
): Appointment {
  const { start, end, timeZone, service, practitioner, location } = slot;
  return {
    t: 'appointment',
    id,
    ref,
    status: 'booked',
    start,
    end,
    timeZone,
    service,
    practitioner,
    location,
    reason: instead?.reason ?? null,
    preparation: instead?.preparation ?? null,
    answer: { state: 'none', at: null, by: null },
    slot: slot.id,
    ...(instead?.shareable === true && { shareable: true }),
    replaces: instead?.id ?? null,
    source: { kind: 'slot', system: null, version: nowMs, message: null },
    createdAt: nowMs,
    updatedAt: nowMs,
  };
}
