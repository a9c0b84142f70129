import { freeSlot, holdSlot, nextOffer, offerChoices, timeWords } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { Appointment, Slot, WaitEntry } from '@baton/wire';
import type { Around } from './around.ts';
import { whenWords } from './say.ts';
import type { Times } from './times.ts';

type Offer = WaitEntry['offers'][number];

/** An answer that was given in time may still be on its way. */
const GRACE_MS = 60_000;
const MOST_OFFERS = 40;

/** Offers free slots to the waitlist: in order, to one patient at a time, each held until it is answered or its time is over. */
export class WaitlistWork {
  readonly #around: Around;
  readonly #times: Times;
  /** Offers that this run knows to be said. */
  readonly #said = new Set<string>();

  constructor(around: Around, times: Times) {
    this.#around = around;
    this.#times = times;
  }

  async run(): Promise<TimestampMs | null> {
    const { index, book } = this.#around;
    if (index.slots.size === 0) return null;
    await book.fresh();
    const next: TimestampMs[] = [];
    for (const entry of [...index.waits.values()]) next.push(...(await this.#look(entry)));
    for (const slot of [...index.slots.values()]) next.push(...(await this.#sweep(slot)));
    next.push(...(await this.#offerFree()));
    return next.length === 0 ? null : Math.min(...next);
  }

  /** An entry's open offer: said, over, or taken from it. */
  async #look(entry: WaitEntry): Promise<readonly TimestampMs[]> {
    const open = entry.offers.find(({ outcome }) => outcome === 'open');
    if (!open) return [];
    const { index, ports } = this.#around;
    const nowMs = ports.clock.nowMs();
    const slot = index.slots.get(open.slot);
    const isHeld = slot?.state === 'held' && slot.holder?.id === open.id;
    if (entry.state === 'removed') {
      await this.close(entry.id, open.id, 'withdrawn');
      return [];
    }
    if (slot?.state === 'booked' && slot.holder?.id === (await this.#visitOf(open.id))) {
      // By its own answer, whose work goes on by itself.
      await this.close(entry.id, open.id, 'taken');
      return [];
    }
    if (!isHeld) {
      // The hold had not been written when a run broke off, or somebody else has the time.
      const isOurs = nowMs < open.until && (await this.#hold(open, entry));
      if (!isOurs) {
        await this.close(entry.id, open.id, open.until <= nowMs ? 'lapsed' : 'withdrawn');
        return [];
      }
    }
    if (nowMs < open.until) await this.#say(entry, open);
    if (nowMs < open.until + GRACE_MS) return [open.until + GRACE_MS];
    await this.close(entry.id, open.id, 'lapsed');
    return [];
  }

  /** Whatever is held beyond its time, by whomever, is free again. */
  async #sweep(slot: Slot): Promise<readonly TimestampMs[]> {
    const { holder } = slot;
    const until = holder?.until ?? null;
    const nowMs = this.#around.ports.clock.nowMs();
    if (slot.state !== 'held' || holder === null || until === null) return [];
    if (nowMs < until + GRACE_MS) return [until + GRACE_MS];
    await this.#free(slot.id, holder.id);
    return [];
  }

  async #offerFree(): Promise<readonly TimestampMs[]> {
    const { index, ports, people } = this.#around;
    const nowMs = ports.clock.nowMs();
    const holdMinutes = index.settings?.on ? index.settings.holdMinutes : null;
    if (holdMinutes === null || index.waits.size === 0) return [];
    const next: TimestampMs[] = [];
    const free = [...index.slots.values()].filter(({ state, start }) => state === 'free' && start > nowMs);
    for (const slot of free.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))) {
      const found = nextOffer(slot, {
        entries: [...index.waits.values()],
        nowMs,
        holdMinutes,
        givesUp: (id) => index.visits.get(id) ?? null,
        reachableAt: ({ ref, appointment }) => {
          const visit = this.#visitOfEntry(appointment);
          const conv = people.placeOf(ref, visit, nowMs);
          return conv !== null && ports.door.isOpen(conv) ? people.reachableAt(ref, visit, nowMs) : null;
        },
      });
      if (found.t === 'wait') next.push(found.atMs);
      if (found.t === 'offer') next.push(...(await this.#offer(slot, found.entry, found.until)));
    }
    return next;
  }

  /** Written into the entry, then held, then said: a run that breaks off anywhere goes on from what is written. */
  async #offer(slot: Slot, { id }: WaitEntry, until: TimestampMs): Promise<readonly TimestampMs[]> {
    const nowMs = this.#around.ports.clock.nowMs();
    const { value: entry, isWritten } = await this.#around.book.change('wait', `wait:${id}`, (newest) => {
      if (newest?.state !== 'waiting' || newest.offers.length >= MOST_OFFERS) return null;
      const offer: Offer = {
        id: `${id}.${newest.offers.length + 1}`,
        slot: slot.id,
        at: nowMs,
        until,
        outcome: 'open',
      };
      return { ...newest, state: 'offered', offers: [...newest.offers, offer] };
    });
    return entry && isWritten ? this.#look(entry) : [];
  }

  async #hold({ id, slot, until }: Offer, { ref }: WaitEntry): Promise<boolean> {
    const { value } = await this.#around.book.change('slot', `slot:${slot}`, (newest) => {
      return newest && holdSlot(newest, { kind: 'offer', id, ref, until }, this.#around.ports.clock.nowMs());
    });
    return value?.state === 'held' && value.holder?.id === id;
  }

  async #say({ ref, appointment }: WaitEntry, offer: Offer): Promise<void> {
    if (this.#said.has(offer.id)) return;
    const { index, people, ports, say } = this.#around;
    const person = people.of(ref);
    const slot = index.slots.get(offer.slot);
    const conv = people.placeOf(ref, this.#visitOfEntry(appointment), ports.clock.nowMs());
    if (!person || conv === null || !slot) return;
    const said = say.reply(person, {
      id: await ports.messageId('offer', offer.id),
      name: 'offer',
      kind: 'waitlist',
      about: offer.id,
      step: 'offer',
      visit: slot,
      choices: offerChoices(person.language),
      until: offer.until,
      places: { ...whenWords(slot, person), until: timeWords(offer.until, person.timeZone, person.language) },
      nowMs: ports.clock.nowMs(),
    });
    ports.lease.requireHeld();
    await ports.door.send(conv, said);
    this.#said.add(offer.id);
    ports.note('reminders.offer', [conv, said.id]);
  }

  /** Ends an offer; the slot is free for the next where it was held for it. */
  async close(entry: string, offer: string, outcome: Exclude<Offer['outcome'], 'open'>): Promise<void> {
    const { value } = await this.#around.book.change('wait', `wait:${entry}`, (newest) => {
      const known = newest?.offers.find(({ id }) => id === offer);
      if (!newest || !known || known.outcome === 'taken') return null;
      const offers = newest.offers.map((one) => (one.id === offer ? { ...one, outcome } : one));
      const isOpen = newest.state === 'offered' && known.outcome === 'open';
      const state = outcome === 'taken' ? 'booked' : isOpen ? 'waiting' : newest.state;
      return known.outcome === outcome && state === newest.state ? null : { ...newest, state, offers };
    });
    const slot = value?.offers.find(({ id }) => id === offer)?.slot;
    if (slot !== undefined && outcome !== 'taken') await this.#free(slot, offer);
  }

  async #free(slot: string, heldBy: string): Promise<void> {
    const nowMs = this.#around.ports.clock.nowMs();
    await this.#around.book.change('slot', `slot:${slot}`, (newest) =>
      newest?.state === 'held' ? freeSlot(newest, heldBy, nowMs) : null,
    );
  }

  /** The offer's yes. Answers the visit, or null where the time is somebody else's by now. */
  async take(offerId: string, told: Parameters<Times['book']>[0]['told']): ReturnType<Times['book']> {
    const { index } = this.#around;
    const entry = this.entryOf(offerId);
    const offer = entry?.offers.find(({ id }) => id === offerId);
    if (!entry || !offer) return null;
    const appointment = await this.#visitOf(offer.id);
    // Taken off the list by staff: the offer is over with it, unless the time was the patient's before that.
    if (entry.state === 'removed' && index.slots.get(offer.slot)?.holder?.id !== appointment) {
      await this.close(entry.id, offer.id, 'withdrawn');
      return null;
    }
    const visit = await this.#times.book({
      slot: offer.slot,
      held: offer.id,
      appointment,
      ref: entry.ref,
      instead: this.#visitOfEntry(entry.appointment),
      told,
    });
    await this.close(entry.id, offer.id, visit ? 'taken' : 'lapsed');
    return visit;
  }

  /** Visit that is given up for an offer. */
  #visitOfEntry(appointment: string | null): Appointment | null {
    return appointment === null ? null : (this.#around.index.visits.get(appointment) ?? null);
  }

  /** The visit that an offer's yes makes. */
  #visitOf(offer: string): Promise<string> {
    return this.#around.ports.messageId('visit', offer);
  }

  entryOf(offer: string): WaitEntry | null {
    return this.#around.index.waits.get(offer.slice(0, offer.lastIndexOf('.'))) ?? null;
  }
}
