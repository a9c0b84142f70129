import { overdueSince, recallChoices } from '@baton/clinical';
import { DAY_MS, instantOf, localDayAt, type TimestampMs } from '@baton/kernel';
import type { Recall } from '@baton/wire';
import type { Around } from './around.ts';

/** Texts of a campaign do not come first thing in the morning, when the day's reminders go. */
const FROM_MINUTE = 10 * 60;
const MOST_REACHED = 2000;
type Outcome = Recall['reached'][number]['outcome'];

/** Writes to patients who are overdue for a visit, a few each day. */
export class RecallWork {
  readonly #around: Around;
  readonly #said = new Set<string>();

  constructor(around: Around) {
    this.#around = around;
  }

  async run(id: string): Promise<TimestampMs | null> {
    const { index, book } = this.#around;
    if (index.recalls.get(id)?.state !== 'running') return null;
    await book.fresh();
    const recall = index.recalls.get(id);
    if (recall?.state !== 'running' || !index.settings?.on) return null;
    await this.#sayAgain(recall);
    const nowMs = this.#around.ports.clock.nowMs();
    const from = this.#today(FROM_MINUTE, 0);
    if (nowMs < from) return from;
    return (await this.#sendToday(recall, nowMs)) ? this.#today(FROM_MINUTE, 1) : null;
  }

  /** Answers whether there is anything left for another day. */
  async #sendToday(recall: Recall, nowMs: TimestampMs): Promise<boolean> {
    const { index, people, ports } = this.#around;
    const midnight = this.#today(0, 0);
    let room =
      recall.perDay -
      recall.reached.filter(({ at, outcome }) => at >= midnight && outcome !== 'refused').length;
    const reached = new Set(recall.reached.map(({ ref }) => ref));
    const overdue = [...index.refs()]
      .flatMap((ref) => {
        const since = reached.has(ref) ? null : overdueSince(recall, index.of(ref), nowMs);
        return since === null ? [] : [{ ref, since }];
      })
      .sort((a, b) => a.since - b.since || (a.ref < b.ref ? -1 : 1));
    let waiting = 0;
    for (const { ref } of overdue) {
      const conv = people.placeOf(ref, null, nowMs);
      // Who cannot be reached here may be another day.
      if (conv === null || !ports.door.isOpen(conv)) continue;
      const at = people.reachableAt(ref, null, nowMs);
      const mayAsk = people.reachOf(ref, nowMs, { contacts: [], isPrivate: false })?.mayAsk === true;
      if (at === null || !mayAsk) await this.#note(recall.id, ref, 'refused');
      else if (at > nowMs || room <= 0) waiting += 1;
      else if (await this.#note(recall.id, ref, 'sent')) {
        room -= 1;
        await this.#say(recall, ref);
      }
    }
    if (waiting > 0) return true;
    await this.#around.book.change('recall', `recall:${recall.id}`, (newest) =>
      newest?.state === 'running' ? { ...newest, state: 'done' } : null,
    );
    return false;
  }

  /** Written down as sent by a run that broke off before it was: said once, by its id. */
  async #sayAgain(recall: Recall): Promise<void> {
    const since = this.#around.ports.clock.nowMs() - DAY_MS;
    for (const { ref, at, outcome } of recall.reached)
      if (outcome === 'sent' && at > since && !this.#said.has(`${recall.id} ${ref}`))
        await this.#say(recall, ref);
  }

  async #say(recall: Recall, ref: string): Promise<void> {
    const { people, ports, say } = this.#around;
    const person = people.of(ref);
    const conv = people.placeOf(ref, null, ports.clock.nowMs());
    if (!person || conv === null || !ports.door.isOpen(conv)) return;
    const id = await ports.messageId('recall', recall.id, ref);
    const { language } = person;
    const text = recall.text[language];
    ports.lease.requireHeld();
    await ports.door.send(
      conv,
      say.recall(person, {
        id,
        about: recall.id,
        text,
        choices: recallChoices(language),
        nowMs: ports.clock.nowMs(),
      }),
    );
    this.#said.add(`${recall.id} ${ref}`);
    ports.note('reminders.recall', [conv, id]);
  }

  /** Answers whether this call wrote it first. */
  async #note(id: string, ref: string, outcome: Outcome): Promise<boolean> {
    const at = this.#around.ports.clock.nowMs();
    const { isWritten } = await this.#around.book.change('recall', `recall:${id}`, (newest) => {
      const isKnown = newest?.reached.some((one) => one.ref === ref);
      if (newest?.state !== 'running' || isKnown || newest.reached.length >= MOST_REACHED) return null;
      return { ...newest, reached: [...newest.reached, { ref, at, outcome }] };
    });
    return isWritten;
  }

  /** What came of it. */
  async outcome(id: string, ref: string, outcome: Outcome): Promise<void> {
    await this.#around.book.change('recall', `recall:${id}`, (newest) => {
      const known = newest?.reached.find((one) => one.ref === ref);
      if (!newest || !known || known.outcome === outcome || known.outcome === 'booked') return null;
      return {
        ...newest,
        reached: newest.reached.map((one) => (one.ref === ref ? { ...one, outcome } : one)),
      };
    });
  }

  #today(minute: number, ahead: number): TimestampMs {
    const { people, ports } = this.#around;
    const nowMs = ports.clock.nowMs();
    const day = localDayAt(people.timeZone, nowMs);
    const at = day === null ? null : instantOf(people.timeZone, day + ahead, minute);
    return at ?? nowMs + ahead * DAY_MS;
  }
}
