import { dateWords, type ReadAnswer, readAnswer, type ReplyName, timeWords } from '@baton/clinical';
import type { Appointment } from '@baton/wire';
import type { Around } from './around.ts';
import type { Person } from './people.ts';
import type { Answer } from './ports.ts';
import type { RecallWork } from './recall-work.ts';
import type { ReplyInput } from './say.ts';
import type { Times } from './times.ts';
import type { WaitlistWork } from './waitlist-work.ts';

/** `done`: dealt with, and what it asked of staff is ended; `person`: somebody reads it. */
export type Outcome = 'done' | 'person';
type Reading = Answer & { readonly person: Person; readonly said: ReadAnswer | null };
const YES_OR_NO = [{ key: 'C' }, { key: 'X' }];

/**
 * Answers to the assistant's questions. Each part is done once however often it is tried, so that an answer whose work broke off is simply taken
 * again; who it asked is told the last.
 */
export class AnswerWork {
  readonly #around: Around;
  readonly #times: Times;
  readonly #waitlist: WaitlistWork;
  readonly #recalls: RecallWork;

  constructor(
    around: Around,
    parts: { readonly times: Times; readonly waitlist: WaitlistWork; readonly recalls: RecallWork },
  ) {
    this.#around = around;
    this.#times = parts.times;
    this.#waitlist = parts.waitlist;
    this.#recalls = parts.recalls;
  }

  async take(answer: Answer): Promise<Outcome> {
    const { people, book } = this.#around;
    await book.fresh();
    const ref = people.refOf(answer.conv);
    const person = ref === null ? null : people.of(ref);
    if (person === null || answer.isForPerson) return 'person';
    const { kind, step, choices } = answer.question.prompt;
    const open = kind === 'waitlist' ? [...choices, ...YES_OR_NO] : choices;
    const said = readAnswer(answer.choice ?? answer.text, person.language, { choices: open });
    const reading = { ...answer, person, said };
    if (step === 'times') return this.#chosen(reading);
    switch (kind) {
      case 'reminder':
        return this.#visits(reading);
      case 'waitlist':
        return this.#offer(reading);
      case 'recall':
        return this.#recall(reading);
      case 'survey':
        return this.#survey(reading);
      case 'check-in':
        return 'person';
    }
  }

  async #visits(reading: Reading): Promise<Outcome> {
    const { index } = this.#around;
    const { said, question, at } = reading;
    const spoken = index.spokenOf(question.id);
    const about = index.visits.get(question.prompt.about);
    const visits = spoken.length > 0 ? spoken : about ? [about] : [];
    const [first] = visits;
    if (first === undefined || said === null || typeof said === 'number') return this.#leave(reading);
    // Moved since, or another patient's by now: a yes to what was said is none to what is.
    const isTheirs = visits.every(({ ref }) => ref === reading.person.ref);
    if (!isTheirs || !index.isAsSaid(question.id)) return this.#leave(reading);
    if (first.status === 'noshow') return this.#missed(reading, first);
    switch (said) {
      case 'confirm':
        return this.#answerAll(reading, visits, 'confirmed');
      case 'cannot':
        return this.#answerAll(reading, visits, 'declined');
      case 'reschedule': {
        const now = await this.#times.answer(first, 'reschedule', at);
        const isMoved = now === null && (await this.#hasChoices(reading));
        // Several visits of a day hang together: a person moves them.
        if ((now === null && !isMoved) || visits.length > 1) return this.#leave(reading);
        return this.#choose(reading, {
          service: first.service,
          practitioner: first.practitioner,
          visit: first,
        });
      }
    }
  }

  /** The times were said already, by a run that broke off afterwards. */
  async #hasChoices({ id }: Reading): Promise<boolean> {
    const { ports } = this.#around;
    return (await ports.choices.get(await ports.messageId('times', id))) !== null;
  }

  async #answerAll(
    reading: Reading,
    visits: readonly Appointment[],
    answer: 'confirmed' | 'declined',
  ): Promise<Outcome> {
    const said: Appointment[] = [];
    for (const visit of visits) {
      const now = await this.#times.answer(visit, answer, reading.at);
      if (now !== null) said.push(now);
    }
    const [first] = said;
    // It was over, or cancelled meanwhile: what the patient believes of it is for a person to set right.
    if (first === undefined || said.length < visits.length) return this.#leave(reading);
    const { language } = reading.person;
    await this.#tell(reading, answer === 'confirmed' ? 'confirmed' : 'cancelled', {
      visit: first,
      visitState: answer === 'confirmed' ? 'confirmed' : 'cancelled',
      places: {
        date: dateWords(first.start, first.timeZone, language),
        time: [...new Set(said.map(({ start, timeZone }) => timeWords(start, timeZone, language)))].join(
          ', ',
        ),
      },
    });
    return this.#done(reading);
  }

  async #missed(reading: Reading, visit: Appointment): Promise<Outcome> {
    if (reading.said === 'cannot') {
      await this.#tell(reading, 'noted');
      return this.#done(reading);
    }
    if (reading.said !== 'reschedule') return this.#leave(reading);
    return this.#choose(reading, { service: visit.service, practitioner: visit.practitioner, visit });
  }

  async #choose(
    reading: Reading,
    wish: {
      readonly service: Appointment['service'];
      readonly practitioner: Appointment['practitioner'];
      readonly visit: Appointment | null;
    },
    recall: string | null = null,
  ): Promise<Outcome> {
    const { kind, about } = reading.question.prompt;
    const isSaid = await this.#times.offerChoices({
      ...wish,
      recall,
      person: reading.person,
      answer: reading,
      kind,
      about,
    });
    if (isSaid) return this.#done(reading);
    const isAsked = await this.#askStaff(reading, wish.visit);
    await this.#tell(reading, 'noTime');
    return isAsked ? this.#done(reading) : 'person';
  }

  async #askStaff({ conv, id, person }: Reading, visit: Appointment | null): Promise<boolean> {
    const { index, ports } = this.#around;
    const { settings } = index;
    if (!settings?.askTo) return false;
    const of = visit
      ? ` for the visit of ${dateWords(visit.start, visit.timeZone, 'en')}, ${timeWords(visit.start, visit.timeZone, 'en')} (${visit.service.text})`
      : '';
    const text = `Wants another time${of}, and no free time fits. Please call or write to the patient.`;
    const { askTo: to, withinMs } = settings;
    return ports.door.ask(conv, { key: [id, 'no-time'], text, to, withinMs, patient: person.name });
  }

  /** One of the times that were held for the patient. */
  async #chosen(reading: Reading): Promise<Outcome> {
    const { ports, index } = this.#around;
    const { question, said, person } = reading;
    const row = await ports.choices.get(question.id);
    const slot = typeof said === 'number' ? row?.slots[said] : undefined;
    if (row === null || slot === undefined || (row.taken !== null && row.taken !== slot))
      return this.#leave(reading);
    const instead = row.appointment === null ? null : (index.visits.get(row.appointment) ?? null);
    const told = await ports.messageId('reply', reading.id);
    const visit = await this.#times.book({
      slot,
      held: question.id,
      appointment: await ports.messageId('visit', question.id),
      ref: person.ref,
      instead,
      told,
    });
    if (visit === null) {
      await this.#tell(reading, 'taken');
      return 'person';
    }
    await ports.choices.put(question.id, { ...row, taken: slot });
    await this.#times.release(
      question.id,
      row.slots.filter((one) => one !== slot),
    );
    if (row.recall !== null) await this.#recalls.outcome(row.recall, person.ref, 'booked');
    await this.#tell(reading, 'booked', { visit, visitState: 'booked' });
    return this.#done(reading);
  }

  async #offer(reading: Reading): Promise<Outcome> {
    const { ports } = this.#around;
    const { said, question, person } = reading;
    const offer = question.prompt.about;
    const entry = this.#waitlist.entryOf(offer);
    if (entry?.ref !== person.ref) return this.#leave(reading);
    if (said === 0 || said === 'confirm') {
      const visit = await this.#waitlist.take(offer, await ports.messageId('reply', reading.id));
      if (visit) await this.#tell(reading, 'booked', { visit, visitState: 'booked' });
      else await this.#tell(reading, 'offerGone');
      return this.#done(reading);
    }
    if (said === 1 || said === 'cannot') {
      // Who took it and thinks again gives up a visit: that is for a person.
      if (entry.offers.some(({ id, outcome }) => id === offer && outcome === 'taken'))
        return this.#leave(reading);
      await this.#waitlist.close(entry.id, offer, 'declined');
      await this.#tell(reading, 'passed');
      return this.#done(reading);
    }
    return this.#leave(reading);
  }

  async #recall(reading: Reading): Promise<Outcome> {
    const { said, question, person } = reading;
    const { about } = question.prompt;
    const recall = this.#around.index.recalls.get(about);
    if (!recall) return this.#leave(reading);
    if (said === 'cannot') {
      await this.#recalls.outcome(about, person.ref, 'declined');
      await this.#tell(reading, 'noted');
      return this.#done(reading);
    }
    await this.#recalls.outcome(about, person.ref, 'asked');
    if (said !== 'reschedule') return this.#leave(reading);
    return this.#choose(reading, { service: recall.service, practitioner: null, visit: null }, about);
  }

  async #survey(reading: Reading): Promise<Outcome> {
    const { said, question } = reading;
    if (typeof said !== 'number') return this.#leave(reading);
    const { about, step } = question.prompt;
    await this.#around.book.change('sent', `sent:${about}`, (newest) => {
      const note = `answer:${said + 1}`;
      const isNoted = newest?.steps.some((one) => one.step === step && one.note === note);
      if (!newest || isNoted) return null;
      return {
        ...newest,
        steps: newest.steps.map((one) =>
          one.step === step && one.message === question.id ? { ...one, note } : one,
        ),
      };
    });
    await this.#tell(reading, 'noted');
    return this.#done(reading);
  }

  /** Not understood, or not the assistant's to decide: whoever owes the patient an answer has it. Said once for each question. */
  async #leave(reading: Reading): Promise<Outcome> {
    const { ports } = this.#around;
    await this.#tell(reading, 'person', {}, await ports.messageId('person', reading.question.id));
    return 'person';
  }

  async #tell(
    { conv, id, person, question }: Reading,
    name: ReplyName,
    more: Partial<Pick<ReplyInput, 'visit' | 'visitState' | 'places'>> = {},
    as?: ReplyInput['id'],
  ): Promise<void> {
    const { ports, say } = this.#around;
    const { kind, about } = question.prompt;
    const { visit = null, ...rest } = more;
    const nowMs = ports.clock.nowMs();
    const said = say.reply(person, {
      id: as ?? (await ports.messageId('reply', id)),
      name,
      // What follows from a booking is about a visit, whatever led to it.
      kind: kind === 'recall' && name === 'booked' ? 'reminder' : kind,
      about,
      visit,
      nowMs,
      ...rest,
    });
    ports.lease.requireHeld();
    await ports.door.send(conv, said);
  }

  async #done({ conv, id }: Reading): Promise<Outcome> {
    const { ports } = this.#around;
    ports.lease.requireHeld();
    await ports.door.settle(conv, id);
    ports.note('reminders.answer', [conv, id]);
    return 'done';
  }
}
