import { Agenda, ValueFeed } from '@baton/agent';
import type { PlannedStep } from '@baton/clinical';
import type { ConversationId, TimestampMs } from '@baton/kernel';
import { appointmentsKey, type AppointmentsValue, textingKey, type TextingValue } from '@baton/wire';
import { AnswerWork, type Outcome } from './answer-work.ts';
import { Book } from './around.ts';
import { Line } from './line.ts';
import { People } from './people.ts';
import type { Answer, ReminderPorts } from './ports.ts';
import { RecallWork } from './recall-work.ts';
import { Say } from './say.ts';
import { ScoreWork } from './score-work.ts';
import { StepWork } from './step-work.ts';
import { Times } from './times.ts';
import { type IndexChange, VisitIndex } from './visit-index.ts';
import { WaitlistWork } from './waitlist-work.ts';

/**
 * The core of the reminders assistant (docs/protocol/programmes.md §4): what is to be said to whom and when, and what answers change. It holds nothing that
 * does not follow from the collections and the shelf of choices, so that any run goes on where the last one broke off.
 */
export class ReminderDesk {
  readonly #ports: ReminderPorts;
  readonly #index: VisitIndex;
  readonly #people: People;
  readonly #agenda: Agenda;
  readonly #appointments: ValueFeed<AppointmentsValue>;
  readonly #texting: ValueFeed<TextingValue>;
  readonly #scores: ScoreWork;
  readonly #steps: StepWork;
  readonly #times: Times;
  readonly #waitlist: WaitlistWork;
  readonly #recalls: RecallWork;
  readonly #answers: AnswerWork;
  /** What is said to a patient and what they answer do not overtake each other. */
  readonly #line = new Line();
  /** Whose a visit was before it became another patient's. */
  readonly #before = new Map<string, string>();
  #isLoaded = false;

  constructor(ports: ReminderPorts) {
    this.#ports = ports;
    this.#index = new VisitIndex((change) => this.#changed(change));
    this.#people = new People((ref) => this.#plan(ref));
    const stirred = (): void => this.#set('read');
    this.#appointments = new ValueFeed({
      values: ports.appointments,
      keyOf: appointmentsKey,
      apply: (value) => this.#index.apply(value),
      isWanted: (value) => VisitIndex.isWanted(value),
      stirred,
    });
    this.#texting = new ValueFeed({
      values: ports.texting,
      keyOf: textingKey,
      apply: (value) => this.#people.apply(value),
      isWanted: (value) => People.isWanted(value),
      stirred,
    });
    const book = new Book(ports, { appointments: this.#appointments, texting: this.#texting });
    const around = { ports, index: this.#index, people: this.#people, say: new Say(this.#people), book };
    this.#scores = new ScoreWork(around);
    this.#steps = new StepWork(around, this.#scores);
    this.#times = new Times(around);
    this.#waitlist = new WaitlistWork(around, this.#times);
    this.#recalls = new RecallWork(around);
    this.#answers = new AnswerWork(around, {
      times: this.#times,
      waitlist: this.#waitlist,
      recalls: this.#recalls,
    });
    this.#agenda = new Agenda({
      clock: ports.clock,
      wait: ports.wait,
      isHeld: () => ports.lease.isHeld,
      work: (key) => this.#work(key),
      failed: (key) => ports.note(`reminders.${NAMES[key.slice(0, 1)] ?? 'read'}`, [], 'failed'),
    });
  }

  /** Reads everything once and plans all of it. */
  async start(): Promise<void> {
    await this.#texting.load();
    await this.#appointments.load();
    this.#isLoaded = true;
    this.#agenda.start();
    // What was told while the other collection was read.
    this.#set('read');
    this.#plan(null);
    this.#set('w');
    this.#set('m');
    for (const { id } of this.#index.recalls.values()) this.#set(`r/${id}`);
    for (const { id, status } of this.#index.visits.values())
      if (status === 'cancelled') this.#freeIfTaken(id);
  }

  async stop(): Promise<void> {
    this.#appointments.stop();
    this.#texting.stop();
    await this.#agenda.stop();
  }

  /** The assistant is in this conversation from now on, or was let in anew. */
  opened(conv: ConversationId): void {
    const ref = this.#people.refOf(conv);
    if (ref !== null) this.#plan(ref);
    this.#set('w');
    for (const { id, state } of this.#index.recalls.values()) if (state === 'running') this.#set(`r/${id}`);
  }

  /** A patient's answer. Throws where it could not be dealt with now: it is to be given again, before any later one. */
  take(answer: Answer): Promise<Outcome> {
    const ref = this.#people.refOf(answer.conv) ?? answer.conv;
    return this.#line.run(ref, () => this.#answers.take(answer));
  }

  /** What is still to be said to one patient, by time. */
  planOf(ref: string): readonly PlannedStep[] {
    return this.#steps.plan(ref);
  }

  #work(key: string): Promise<TimestampMs | null> {
    const id = key.slice(2);
    switch (key.slice(0, 1)) {
      case 'p':
        return this.#line.run(id, () => this.#steps.run(id));
      case 'w':
        return this.#waitlist.run();
      case 'r':
        return key === 'read' ? this.#read() : this.#recalls.run(id);
      case 'b':
        return this.#times.freeTaken(id).then(() => null);
      case 'o':
        return this.#forget(id).then(() => null);
      case 'm':
        return this.#scores.run();
      default:
        return Promise.resolve(null);
    }
  }

  async #forget(appointment: string): Promise<void> {
    const ref = this.#before.get(appointment);
    if (ref === undefined) return;
    await this.#line.run(ref, () => this.#steps.forget(appointment, ref));
    this.#before.delete(appointment);
  }

  async #read(): Promise<null> {
    await this.#texting.current();
    await this.#appointments.current();
    return null;
  }

  #changed(change: IndexChange): void {
    switch (change.t) {
      case 'patient':
        return this.#plan(change.ref);
      case 'other-patient':
        this.#before.set(change.appointment, change.before);
        return this.#set(`o/${change.appointment}`);
      case 'slots':
        return this.#set('w');
      case 'settings':
        this.#plan(null);
        this.#set('w');
        this.#set('m');
        for (const { id } of this.#index.recalls.values()) this.#set(`r/${id}`);
        return;
      case 'recall':
        return this.#set(`r/${change.id}`);
      case 'taken-back':
        return this.#freeIfTaken(change.appointment);
    }
  }

  #freeIfTaken(appointment: string): void {
    if (this.#index.isTakenBack(appointment)) this.#set(`b/${appointment}`);
  }

  /** null: everybody. */
  #plan(ref: string | null): void {
    if (!this.#isLoaded) return;
    if (ref !== null) return this.#set(`p/${ref}`);
    for (const each of this.#index.refs()) this.#set(`p/${each}`);
  }

  #set(key: string): void {
    if (this.#isLoaded) this.#agenda.set(key, this.#ports.clock.nowMs());
  }
}

const NAMES: Readonly<Record<string, string>> = {
  p: 'step',
  w: 'waitlist',
  r: 'recall',
  b: 'freed',
  o: 'forgotten',
  m: 'model',
};
