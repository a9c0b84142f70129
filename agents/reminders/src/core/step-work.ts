import { type PlannedStep, planReminders } from '@baton/clinical';
import { DAY_MS, type MessageId, type TimestampMs } from '@baton/kernel';
import type { Appointment, ReminderRecord } from '@baton/wire';
import type { Around } from './around.ts';
import type { ScoreWork } from './score-work.ts';

type Entry = ReminderRecord['steps'][number];

const MOST_ENTRIES = 60;
const WEEK_MS = 7 * DAY_MS;

/** What is said to one patient about their visits. */
export class StepWork {
  readonly #around: Around;
  readonly #scores: ScoreWork;

  constructor(around: Around, scores: ScoreWork) {
    this.#around = around;
    this.#scores = scores;
  }

  /** Everything that is still to come, by time. */
  plan(ref: string): readonly PlannedStep[] {
    const { index, people, ports } = this.#around;
    const { settings } = index;
    const person = people.of(ref);
    if (!settings?.on || !person?.conv || !ports.door.isOpen(person.conv)) return [];
    const nowMs = ports.clock.nowMs();
    const visits = index.of(ref);
    const reach = people.reachOf(ref, nowMs, this.#contacts(visits, nowMs));
    if (!reach) return [];
    const quiet = people.quietOf(ref, nowMs);
    const risk = this.#scores.riskOf();
    return planReminders({ settings, visits, records: index.records, reach, quiet, nowMs, risk });
  }

  /** Does what is due; answers when there is something again. */
  async run(ref: string): Promise<TimestampMs | null> {
    const { ports, book } = this.#around;
    await this.#takeUp(ref);
    let last = '';
    for (;;) {
      const [planned] = this.plan(ref);
      if (planned === undefined) return null;
      if (planned.atMs > ports.clock.nowMs()) return planned.atMs;
      // A cancellation or a STOP of a moment ago counts.
      await book.fresh();
      const [due] = this.plan(ref);
      if (due === undefined || due.atMs > ports.clock.nowMs()) continue;
      const key = keyOf(due);
      if (key === last) throw new Error('A step that was done is planned again.');
      last = key;
      await this.#do(ref, due);
    }
  }

  async #do(ref: string, due: PlannedStep): Promise<void> {
    const { index, people, ports, say } = this.#around;
    const { settings } = index;
    const person = people.of(ref);
    if (!settings || !person?.conv) return;
    const nowMs = ports.clock.nowMs();
    const [first] = due.appointments;
    if (due.score?.arm === 'usual') return this.#leaveOut(due, nowMs);
    const id = await ports.messageId('step', first.id, due.step.id, String(first.start));
    // The one that it is counted from last: until that is written, nothing of it counts.
    for (const visit of [...due.appointments].reverse()) {
      const note = visit.id === first.id ? null : first.id;
      const entry: Entry = {
        step: due.step.id,
        start: visit.start,
        at: nowMs,
        state: 'planned',
        note,
        message: id,
      };
      const isOurs = await this.#write(visit.id, entry, due.score);
      if (!isOurs && visit.id === first.id) return;
    }
    const { preparations } = index;
    ports.lease.requireHeld();
    await ports.door.send(person.conv, say.step(due, { id, person, settings, preparations, nowMs }));
    await this.#markSent(due.appointments, id);
    ports.note(`reminders.${due.step.kind}`, [person.conv, id]);
  }

  /** The comparison's other arm: written down with its score, and not reminded once more. */
  async #leaveOut({ step, appointments, score }: PlannedStep, at: TimestampMs): Promise<void> {
    for (const visit of appointments) {
      const entry: Entry = {
        step: step.id,
        start: visit.start,
        at,
        state: 'skipped',
        note: 'comparison',
        message: null,
      };
      await this.#write(visit.id, entry, score);
    }
  }

  /** What a run that broke off had begun: said in the meantime, or not said at all and planned anew. */
  async #takeUp(ref: string): Promise<void> {
    const { index, people, ports } = this.#around;
    const conv = people.of(ref)?.conv;
    if (!conv) return;
    const begun = new Map<MessageId, Appointment[]>();
    for (const visit of index.of(ref))
      for (const { state, message } of index.records.get(visit.id)?.steps ?? [])
        if (state === 'planned' && message !== null)
          begun.set(message, [...(begun.get(message) ?? []), visit]);
    for (const [message, visits] of begun) {
      if (!ports.door.isOpen(conv)) return;
      if (await ports.door.isSaid(conv, message)) await this.#markSent(visits, message);
      else
        for (const { id } of visits)
          await this.#change(id, (steps) =>
            steps.filter((one) => one.message !== message || one.state !== 'planned'),
          );
    }
  }

  async #markSent(visits: readonly Appointment[], message: MessageId): Promise<void> {
    const at = this.#around.ports.clock.nowMs();
    for (const { id } of visits)
      await this.#change(id, (steps) =>
        steps.map((one) =>
          one.message === message && one.state === 'planned' ? { ...one, at, state: 'sent' } : one,
        ),
      );
  }

  /** Answers whether the step is this run's to say. */
  async #write(appointment: string, entry: Entry, score: PlannedStep['score']): Promise<boolean> {
    let isOurs = false;
    await this.#around.book.change('sent', `sent:${appointment}`, (newest) => {
      const known = newest ?? { t: 'sent' as const, appointment, steps: [], score: null };
      const same = known.steps.find(({ step, start }) => step === entry.step && start === entry.start);
      isOurs = same === undefined || (same.state === 'planned' && same.message === entry.message);
      if (same !== undefined) return null;
      return { ...known, steps: [...known.steps, entry].slice(-MOST_ENTRIES), score: known.score ?? score };
    });
    return isOurs;
  }

  async #change(appointment: string, decide: (steps: Entry[]) => Entry[]): Promise<void> {
    await this.#around.book.change('sent', `sent:${appointment}`, (newest) => {
      if (!newest) return null;
      const steps = decide(newest.steps);
      return JSON.stringify(steps) === JSON.stringify(newest.steps) ? null : { ...newest, steps };
    });
  }

  /** When the assistant wrote about these visits lately: one message about several is one. */
  #contacts(visits: readonly Appointment[], nowMs: TimestampMs): readonly TimestampMs[] {
    const times = new Map<string, TimestampMs>();
    for (const { id } of visits)
      for (const { state, at, message, step } of this.#around.index.records.get(id)?.steps ?? [])
        if (state !== 'skipped' && at > nowMs - WEEK_MS) times.set(message ?? `${id} ${step}`, at);
    return [...times.values()];
  }
}

function keyOf({ step, appointments }: PlannedStep): string {
  return [step.id, ...appointments.map(({ id, start }) => `${id}@${start}`)].join(' ');
}
