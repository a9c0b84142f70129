import { Agenda, type AgentContext, type RunningProgram } from '@baton/agent';
import type { Carrier, CarrierEvent, MailSender } from './carriers/carrier.ts';
import { Answers } from './inbound/answers.ts';
import { InboundTexts, NotReady } from './inbound/inbound-texts.ts';
import { InboundMediaWork } from './inbound/media-work.ts';
import { OptOuts } from './inbound/opt-outs.ts';
import { Line } from './line.ts';
import { Orders } from './outbound/orders.ts';
import { takeReport } from './outbound/reports.ts';
import { StaffWatch } from './outbound/staff-watch.ts';
import { tellText } from './outbound/text-marks.ts';
import { TextSender } from './outbound/text-sender.ts';
import { dueOf } from './outbound/thread-plan.ts';
import { ThreadWork } from './outbound/thread-work.ts';
import { keyOf, Memory } from './records/memory.ts';
import type { TextingBook } from './records/texting-book.ts';
import type { Surroundings } from './surroundings.ts';
import { Threads } from './threads.ts';

const PRUNE_MS = 3_600_000;
const RETRY_MS = 2000;
/** A few pictures that come slowly hold up no emergency notice. */
const SIDE_BY_SIDE = 32;

export type TextingContext = Pick<
  AgentContext,
  'account' | 'session' | 'state' | 'lease' | 'activity' | 'clock' | 'wait' | 'rng' | 'publicUrl'
>;

/**
 * The texting assistant (docs/protocol/patients.md §4). It acts while it holds the lease: then it reads what it remembers, takes up what was under way, and
 * takes what the carrier brings.
 */
export class Texting implements RunningProgram {
  readonly #context: TextingContext;
  readonly #around: Surroundings;
  readonly #memory: Memory;
  readonly #agenda: Agenda;
  readonly #line = new Line();
  readonly #optOuts: OptOuts;
  readonly #sender: TextSender;
  readonly #inbound: InboundTexts;
  readonly #watch: StaffWatch;
  readonly #orders: Orders;
  readonly #handlers: Readonly<Record<string, (rest: string) => Promise<number | null>>>;
  #off: () => void = () => {};
  #cancelRetry: () => void = () => {};
  /** Changes of the lease one after the other. */
  #turning: Promise<void> = Promise.resolve();
  #acting = false;
  #stopped = false;

  constructor(
    context: TextingContext,
    ports: { readonly carrier: Carrier; readonly mail: MailSender | null; readonly texting: TextingBook },
  ) {
    this.#context = context;
    this.#memory = new Memory(context);
    this.#agenda = new Agenda({
      clock: context.clock,
      wait: context.wait,
      isHeld: () => context.lease.isHeld,
      sideBySide: SIDE_BY_SIDE,
      work: (key) => this.#work(key),
      failed: (key) => void context.activity.note(`text.${key.split('/')[0] ?? 'work'}`, [], 'failed'),
    });
    this.#around = {
      context,
      ...ports,
      memory: this.#memory,
      threads: new Threads(context.session),
      agenda: this.#agenda,
      line: this.#line,
    };
    const media = new InboundMediaWork(this.#around);
    this.#optOuts = new OptOuts(this.#around);
    this.#sender = new TextSender(this.#around, this.#optOuts, (id) => this.#takeEarly(id));
    this.#inbound = new InboundTexts(this.#around, { optOuts: this.#optOuts, media });
    this.#watch = new StaffWatch(this.#around);
    this.#orders = new Orders(this.#around, this.#sender);
    const threadWork = new ThreadWork(this.#around, this.#sender);
    const answers = new Answers(this.#around, this.#sender);
    this.#handlers = {
      scan: (conv) => this.#watch.scan(conv as Parameters<StaffWatch['scan']>[0]),
      thread: (conv) => threadWork.work(conv as Parameters<ThreadWork['work']>[0]),
      answer: (key) => answers.work(key),
      media: (key) => media.work(key),
      orders: () => this.#orders.look(),
      order: (id) => this.#orders.work(id),
      tell: async (reference) => {
        await tellText(this.#around, reference);
        return null;
      },
      prune: async () => {
        await this.#memory.prune();
        return context.clock.nowMs() + PRUNE_MS;
      },
    };
  }

  start(): void {
    this.#off = this.#context.lease.subscribe(() => this.#turn());
    this.#turn();
  }

  /** Takes what the carrier brings. Rejects where it could not be committed, or another station acts: the carrier repeats it. */
  async deliver(event: CarrierEvent): Promise<void> {
    if (!this.#acting) throw new NotReady('not acting');
    this.#context.lease.requireHeld();
    if (event.t === 'text') await this.#inbound.take(event);
    else await takeReport(this.#around, { sender: this.#sender, optOuts: this.#optOuts }, event);
  }

  /** Whatever this device has been told has been looked at, and what is due is done. */
  async idle(): Promise<void> {
    await this.#turning;
    this.#watch.look();
    this.#agenda.set('orders', this.#context.clock.nowMs());
    await this.#line.idle();
    await this.#agenda.idle();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#off();
    this.#cancelRetry();
    await this.#turning;
    await this.#rest();
    this.#around.texting.stop();
    await this.#line.idle();
  }

  #turn(): void {
    this.#turning = this.#turning.then(async () => {
      if (this.#context.lease.isHeld && !this.#stopped) await this.#act();
      else await this.#rest();
    });
  }

  async #act(): Promise<void> {
    if (this.#acting) return;
    try {
      await this.#memory.load();
    } catch {
      // Offline, or the lease went in the meantime.
      this.#cancelRetry();
      this.#cancelRetry = this.#context.wait.after(RETRY_MS, () => this.#turn());
      return;
    }
    this.#agenda.start();
    this.#acting = true;
    const early = this.#sender.load();
    for (const id of early) await this.#takeEarly(id).catch(() => {});
    this.#takeUp();
    this.#watch.start(this.#context.session.conversations);
    this.#orders.start();
  }

  /** Everything that was written down and not finished. */
  #takeUp(): void {
    const nowMs = this.#context.clock.nowMs();
    for (const [conv, row] of this.#memory.threads.entries()) {
      const dueAt = dueOf(row);
      if (dueAt !== null) this.#agenda.set(`thread/${conv}`, dueAt);
    }
    for (const [key] of this.#memory.answers.entries()) this.#agenda.set(`answer/${key}`, nowMs);
    for (const [key, { dueAt }] of this.#memory.media.entries()) this.#agenda.set(`media/${key}`, dueAt);
    for (const [reference] of this.#memory.texts.entries()) this.#agenda.set(`tell/${reference}`, nowMs);
    this.#agenda.set('prune', nowMs);
  }

  async #rest(): Promise<void> {
    this.#acting = false;
    this.#watch.stop();
    this.#orders.stop();
    await this.#agenda.stop();
  }

  #work(key: string): Promise<number | null> {
    const slash = key.indexOf('/');
    const [kind, rest] = slash < 0 ? [key, ''] : [key.slice(0, slash), key.slice(slash + 1)];
    return this.#handlers[kind]?.(rest) ?? Promise.resolve(null);
  }

  async #takeEarly(id: string): Promise<void> {
    const row = this.#memory.reports.get(await keyOf(id));
    if (!row) return;
    const { state, code } = row;
    const report = {
      t: 'report',
      id,
      state,
      code: code as Parameters<typeof takeReport>[2]['code'],
      segments: null,
    } as const;
    await takeReport(this.#around, { sender: this.#sender, optOuts: this.#optOuts }, report);
  }
}
