import {
  isWithdrawn,
  OTHER_PATIENT_NOTE,
  type PlannedStep,
  planReminders,
  WITHDRAWN_NOTE,
} from '@baton/clinical';
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
  /** Messages that patients have had: nothing can be taken back of them any more. */
  readonly #had = new Set<MessageId>();

  constructor(around: Around, scores: ScoreWork) {
    this.#around = around;
    this.#scores = scores;
  }

  /** Everything that is still to come, by time. What is for the patient's own eyes is never said together with what others may read. */
  plan(ref: string): readonly PlannedStep[] {
    const { index, people, ports } = this.#around;
    const nowMs = ports.clock.nowMs();
    const visits = index.of(ref);
    const own = visits.filter((visit) => people.isPrivate(ref, visit, nowMs));
    if (own.length === 0) return this.#planOf(ref, visits, false);
    const open = visits.filter((visit) => !own.includes(visit));
    const planned = [...this.#planOf(ref, open, false), ...this.#planOf(ref, own, true)];
    return planned.sort((a, b) => a.atMs - b.atMs);
  }

  #planOf(ref: string, visits: readonly Appointment[], isPrivate: boolean): readonly PlannedStep[] {
    const { index, people, ports } = this.#around;
    const { settings } = index;
    const [first] = visits;
    if (!settings?.on || first === undefined) return [];
    const nowMs = ports.clock.nowMs();
    const conv = people.placeOf(ref, first, nowMs);
    if (conv === null || !ports.door.isOpen(conv)) return [];
    const contacts = this.#contacts(index.of(ref), nowMs);
    const reach = people.reachOf(ref, nowMs, { contacts, isPrivate });
    if (!reach) return [];
    const quiet = people.quietOf(ref, nowMs);
    const risk = this.#scores.riskOf();
    return planReminders({ settings, visits, records: index.records, reach, quiet, nowMs, risk });
  }

  /** Does what is due; answers when there is something again. */
  async run(ref: string): Promise<TimestampMs | null> {
    const { ports, book } = this.#around;
    await this.#takeUp(ref);
    await this.#takeBack(ref);
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
    const nowMs = ports.clock.nowMs();
    const [first] = due.appointments;
    const conv = people.placeOf(ref, first, nowMs);
    if (!settings || !person || conv === null) return;
    if (due.score?.arm === 'usual') return this.#leaveOut(due, nowMs);
    const id = await this.#idOf(due);
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
    await ports.door.send(conv, say.step(due, { id, person, settings, preparations, nowMs }));
    await this.#markSent(due.appointments, id);
    ports.note(`reminders.${due.step.kind}`, [conv, id]);
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
    const begun = new Map<MessageId, Appointment[]>();
    for (const visit of index.of(ref))
      for (const { state, message } of index.records.get(visit.id)?.steps ?? [])
        if (state === 'planned' && message !== null)
          begun.set(message, [...(begun.get(message) ?? []), visit]);
    for (const [message, visits] of begun) {
      const conv = people.placeOf(ref, visits[0] ?? null, ports.clock.nowMs());
      if (conv === null || !ports.door.isOpen(conv)) continue;
      if (await ports.door.isSaid(conv, message)) await this.#markSent(visits, message);
      else
        for (const { id } of visits)
          await this.#change(id, (steps) =>
            steps.filter((one) => one.message !== message || one.state !== 'planned'),
          );
    }
  }

  /** What was said of a visit that is cancelled or at another time by now, and that nobody has had: it would only go to confuse. */
  async #takeBack(ref: string): Promise<void> {
    const { index, people, ports } = this.#around;
    const nowMs = ports.clock.nowMs();
    const old = new Set<MessageId>();
    for (const visit of index.of(ref))
      for (const said of index.records.get(visit.id)?.steps ?? [])
        if (said.message !== null && isOld(said, visit, nowMs) && !this.#had.has(said.message))
          old.add(said.message);
    for (const message of old) {
      const conv = people.placeOf(ref, index.spokenOf(message)[0] ?? null, nowMs);
      if (conv === null || !ports.door.isOpen(conv)) continue;
      ports.lease.requireHeld();
      if (await ports.door.withdraw(conv, message, people.readersOf(ref, nowMs))) {
        // Visits of that day that are still as they were are spoken of anew.
        for (const { id } of index.spokenOf(message))
          await this.#change(id, (steps) =>
            steps.map((one) =>
              one.message === message ? { ...one, state: 'skipped', note: WITHDRAWN_NOTE } : one,
            ),
          );
        ports.note('reminders.withdrawn', [conv, message]);
      } else this.#had.add(message);
    }
  }

  /** A visit that was somebody else's: what was said of it was said to them, and counts for nobody else. */
  async forget(appointment: string, before: string): Promise<void> {
    const { index, people, ports } = this.#around;
    const nowMs = ports.clock.nowMs();
    const isSaid = ({ state, start }: Entry): boolean => state === 'sent' && start > nowMs;
    for (const said of index.records.get(appointment)?.steps ?? []) {
      const visit = index.visits.get(appointment) ?? null;
      const conv = people.placeOf(before, visit, nowMs);
      if (!isSaid(said) || said.message === null || conv === null || !ports.door.isOpen(conv)) continue;
      ports.lease.requireHeld();
      await ports.door.withdraw(conv, said.message, people.readersOf(before, nowMs));
    }
    await this.#change(appointment, (steps) =>
      steps.map((one) => (isSaid(one) ? { ...one, state: 'skipped', note: OTHER_PATIENT_NOTE } : one)),
    );
  }

  /** What was taken back is said anew by another message, where the visit is on again. */
  #idOf({ step, appointments: [first] }: PlannedStep): Promise<MessageId> {
    const { index, ports } = this.#around;
    const before = (index.records.get(first.id)?.steps ?? []).filter(
      (said) => said.step === step.id && said.start === first.start && isWithdrawn(said),
    ).length;
    const again = before === 0 ? [] : [String(before)];
    return ports.messageId('step', first.id, step.id, String(first.start), ...again);
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
      const same = known.steps.find(
        (said) => said.step === entry.step && said.start === entry.start && !isWithdrawn(said),
      );
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

/** Whether it speaks of a time to come at which there is no visit any more. */
function isOld(said: Entry, { status, start }: Appointment, nowMs: TimestampMs): boolean {
  if (said.state !== 'sent' || said.start <= nowMs) return false;
  return said.start !== start || status === 'cancelled' || status === 'entered-in-error';
}

function keyOf({ step, appointments }: PlannedStep): string {
  return [step.id, ...appointments.map(({ id, start }) => `${id}@${start}`)].join(' ');
}
