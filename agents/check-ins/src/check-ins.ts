import { Agenda, type AgentContext, type NamedValues, type RunningProgram } from '@baton/agent';
import { understandReply } from '@baton/clinical';
import { type ConversationId, newId, type TimestampMs } from '@baton/kernel';
import type { ProgrammesValue, TextingValue } from '@baton/wire';
import { Keeper } from './core/keeper.ts';
import { trackSchema } from './core/track.ts';
import { ConfirmedPlans, confirmedPlanSchema } from './records/confirmed-plans.ts';
import { PatientBook } from './records/patient-book.ts';
import { ProgrammeBook } from './records/programme-book.ts';
import { ReachBook } from './records/reach-book.ts';
import { ShadowModel } from './shadow/shadow-model.ts';
import { PatientMail } from './threads/patient-mail.ts';

const RETRY_MS = 3000;
/** A burst of changes is one look through the conversations. */
const LOOK_MS = 200;
/** What changed in the collections is read under this name; no patient has it. */
const BOOKS = '';

export type CheckInsContext = Pick<
  AgentContext,
  'account' | 'session' | 'state' | 'lease' | 'activity' | 'clock' | 'wait' | 'rng'
>;

/**
 * The check-in assistant on the real stack (docs/protocol/programmes.md §5). While it holds the lease it keeps an agenda by patient; the agenda is made anew from
 * the records, so that nothing depends on it.
 */
export class CheckIns implements RunningProgram {
  readonly #context: CheckInsContext;
  readonly #agenda: Agenda;
  readonly #programmes: ProgrammeBook;
  readonly #reach: ReachBook;
  readonly #keeper: Keeper;
  /** When each conversation last had something new, as far as it was looked at. */
  readonly #seen = new Map<ConversationId, TimestampMs>();
  #off: readonly (() => void)[] = [];
  #cancelRetry: () => void = () => {};
  /** Changes of the lease one after the other. */
  #turning: Promise<void> = Promise.resolve();
  #acting = false;
  #isLooking = false;
  #stopped = false;

  constructor(
    context: CheckInsContext,
    values: {
      readonly programmes: NamedValues<ProgrammesValue>;
      readonly texting: NamedValues<TextingValue>;
    },
  ) {
    this.#context = context;
    const { clock, wait, lease, session, state, rng, activity, account } = context;
    const shadow = new ShadowModel();
    this.#agenda = new Agenda({
      clock,
      wait,
      isHeld: () => lease.isHeld,
      work: (key) => this.#work(key),
      failed: () => void activity.note('check-in.work', [], 'failed'),
    });
    const stir = (key: string): void => this.#agenda.set(key, clock.nowMs());
    this.#programmes = new ProgrammeBook({
      values: values.programmes,
      protocols: session.protocols,
      shadow,
      plans: new ConfirmedPlans(state.shelf('plan', confirmedPlanSchema)),
      changed: stir,
      stirred: () => stir(BOOKS),
    });
    this.#reach = new ReachBook(values.texting, {
      // Most patients of a practice are on no protocol.
      changed: (ref) => void (this.#programmes.enrolmentsOf(ref).length > 0 && stir(ref)),
      stirred: () => stir(BOOKS),
    });
    const tracks = state.shelf('track', trackSchema);
    this.#keeper = new Keeper({
      me: account,
      clock,
      records: this.#programmes,
      patients: new PatientBook(this.#reach, account),
      mail: new PatientMail(context, {
        reach: this.#reach,
        records: this.#programmes,
        again: (ref) => this.#agenda.set(ref, clock.nowMs() + RETRY_MS),
      }),
      tracks: {
        get: async (id) => (await tracks.get(id))?.value ?? null,
        put: (id, track) =>
          tracks.update(id, (newest) => ((newest?.value.rev ?? 0) === track.rev - 1 ? track : undefined)),
      },
      understand: understandReply,
      aide: null,
      shadow: (alert) => shadow.judge(alert),
      newId: (kind) => newId(kind, rng),
      newest: async () => void (await Promise.all([this.#programmes.newest(), this.#reach.newest()])),
      requireHeld: () => lease.requireHeld(),
      note: (action, outcome) => void activity.note(action, [], outcome),
    });
  }

  start(): void {
    const { lease, session } = this.#context;
    this.#off = [
      lease.subscribe(() => this.#turn()),
      session.conversations.subscribe(() => this.#lookSoon()),
    ];
    this.#turn();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const end of this.#off) end();
    this.#cancelRetry();
    await this.#turning;
    await this.#rest();
  }

  #turn(): void {
    this.#turning = this.#turning.then(async () => {
      if (this.#context.lease.isHeld && !this.#stopped) await this.#act();
      else await this.#rest();
    });
  }

  async #act(): Promise<void> {
    if (this.#acting) return;
    const { state, clock, wait } = this.#context;
    this.#agenda.start();
    try {
      await state.refresh();
      await Promise.all([this.#programmes.load(), this.#reach.load()]);
    } catch {
      // Offline, or the lease went in the meantime.
      await this.#agenda.stop();
      this.#cancelRetry();
      this.#cancelRetry = wait.after(RETRY_MS, () => this.#turn());
      return;
    }
    this.#acting = true;
    // Whoever changes meanwhile is set by itself.
    for (const ref of await this.#keeper.liveOf(this.#programmes.refs()))
      this.#agenda.set(ref, clock.nowMs());
    this.#look();
  }

  async #rest(): Promise<void> {
    this.#acting = false;
    this.#seen.clear();
    this.#programmes.stop();
    this.#reach.stop();
    await this.#agenda.stop();
  }

  async #work(key: string): Promise<TimestampMs | null> {
    if (key !== BOOKS) return this.#keeper.work(key);
    await Promise.all([this.#programmes.current(), this.#reach.current()]);
    return null;
  }

  #lookSoon(): void {
    if (!this.#acting || this.#isLooking) return;
    this.#isLooking = true;
    this.#context.wait.after(LOOK_MS, () => this.#look());
  }

  /** Patients' conversations in which something is new. */
  #look(): void {
    this.#isLooking = false;
    if (!this.#acting) return;
    const nowMs = this.#context.clock.nowMs();
    for (const { id, kind, lastAt } of this.#context.session.conversations.list()) {
      if (kind !== 'patient' || this.#seen.get(id) === lastAt) continue;
      this.#seen.set(id, lastAt);
      const ref = this.#reach.refOf(id);
      if (ref !== null && this.#programmes.enrolmentsOf(ref).length > 0) this.#agenda.set(ref, nowMs);
    }
  }
}
