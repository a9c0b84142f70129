import type { AgentContext, DueTimer, RunningProgram } from '@baton/agent';
import { type ConversationId, isId, type OwnerId } from '@baton/kernel';
import { isToBeRead, judgeMessage, type TimelineMessage, unopenedText } from './findings.ts';
import { messagesOf, type PatientThread, PatientThreads, waitingAt } from './patient-threads.ts';
import { SidebarAsks } from './sidebar-asks.ts';
import { TriageMemory } from './triage-memory.ts';

/** Offline, or a state is behind: once more, a little later. */
const RETRY_MS = 3000;
/** Longer ago than this, what somebody of the practice has answered since is not raised again. */
const ANSWERED_AFTER_MS = 24 * 3_600_000;
/** How far a first look at a conversation goes back; after it everything is looked at, however long the assistant was off. */
const FIRST_LOOK_MS = 7 * 24 * 3_600_000;
/** Watermarks that were signed in time come a little later. */
const MARKS_MS = 2000;

export type TriageContext = Pick<
  AgentContext,
  'account' | 'session' | 'state' | 'lease' | 'timers' | 'activity' | 'clock' | 'wait' | 'rng'
>;

/**
 * Looks through what patients write (docs/protocol/patients.md §6). How far it has looked is written down after whatever came of it is committed, so
 * that a run that is killed is taken up by the next, and asks nothing twice.
 */
export class TriageKeeper implements RunningProgram {
  readonly #context: TriageContext;
  readonly #memory: TriageMemory;
  readonly #threads: PatientThreads;
  readonly #asks: SidebarAsks;
  /** What each conversation showed when it was last looked through. */
  readonly #seen = new Map<ConversationId, string>();
  #off: readonly (() => void)[] = [];
  #cancelRetry: () => void = () => {};
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(context: TriageContext) {
    this.#context = context;
    this.#memory = new TriageMemory(context);
    this.#threads = new PatientThreads(context);
    this.#asks = new SidebarAsks(context, { memory: this.#memory, threads: this.#threads });
  }

  start(): void {
    const { session, lease, timers } = this.#context;
    timers.start((timer) => this.#openedInTime(timer));
    this.#off = [
      session.conversations.subscribe(() => this.#look()),
      lease.subscribe((held) => {
        this.#seen.clear();
        if (held) this.#look();
      }),
    ];
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    for (const end of this.#off) end();
    await this.#looking;
  }

  /** A burst of changes is one look. */
  #look(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#lookAll().finally(() => {
      this.#looking = null;
    });
  }

  async #lookAll(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      for (const { conv, mark } of this.#threads.list()) {
        if (this.#stopped || !this.#context.lease.isHeld) return;
        if (this.#seen.get(conv) === mark) continue;
        try {
          if (await this.#lookThrough(conv)) this.#seen.set(conv, mark);
          else this.#lookLater();
        } catch {
          await this.#context.activity.note('triage.look', [conv], 'failed');
          this.#lookLater();
        }
      }
    }
  }

  #lookLater(): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#context.wait.after(RETRY_MS, () => this.#look());
  }

  /** Answers whether all of it could be looked through: the sidebar is here, and every key. */
  async #lookThrough(conv: ConversationId): Promise<boolean> {
    const place = await this.#threads.open(conv);
    if (place === null) return false;
    const cursor = await this.#memory.cursor(conv);
    const notBefore = cursor.seq === 0 ? this.#context.clock.nowMs() - FIRST_LOOK_MS : 0;
    const found = await this.#threads.newSince(place.thread, cursor, notBefore);
    // What is sealed now is looked at when its key comes: the cursor stays before it.
    const waiting = waitingAt(place.thread);
    const limit = waiting === null ? Number.MAX_SAFE_INTEGER : waiting - 1;
    for (const message of found) {
      await this.#watchResult(place, message);
      if (isToBeRead(message) && !this.#isAnswered(place, message)) await this.#judge(place, message);
      const { seq, editedAt } = message;
      await this.#memory.advance(conv, { seq: Math.min(seq ?? 0, limit), editedAt: editedAt ?? 0 });
    }
    // A first look that found nothing new enough: from now on nothing is left out.
    if (cursor.seq === 0)
      await this.#memory.advance(conv, { seq: Math.min(newestOf(place), limit), editedAt: 0 });
    return waiting === null;
  }

  async #judge(place: PatientThread, message: TimelineMessage): Promise<void> {
    const finding = judgeMessage(message, messagesOf(place.thread));
    if (finding === null) return;
    const version = message.editedAt === null ? 'first' : String(message.editedAt);
    const { flags, text } = finding;
    await this.#asks.ask(place, { contract: 'stat', key: [message.id, version], text, flags, first: null });
    await this.#wake(place.conv);
  }

  /** Looked at for the first time long after it was written, and somebody of the practice has written since. */
  #isAnswered({ thread }: PatientThread, message: TimelineMessage): boolean {
    if (this.#context.clock.nowMs() - message.at < ANSWERED_AFTER_MS) return false;
    return messagesOf(thread).some(({ seq, author, via, automatic }) => {
      return (seq ?? 0) > (message.seq ?? 0) && author.kind === 'person' && via === null && !automatic;
    });
  }

  /** A conversation that was put aside is in the inbox again. */
  async #wake(conv: ConversationId): Promise<void> {
    const desk = await this.#context.session.collections.named('desk');
    await desk?.update(`thread:${conv}`, (newest) => {
      if (newest?.value.t !== 'thread') return null;
      const { value } = newest;
      if (value.snoozedUntil === null && value.status === 'open') return null;
      return { ...value, status: 'open', snoozedUntil: null };
    });
  }

  /** Written down before it counts: a timer stands for each result until the patient should have opened it. */
  async #watchResult({ conv }: PatientThread, { id, result, author }: TimelineMessage): Promise<void> {
    if (result === null || author.kind === 'patient') return;
    await this.#context.timers.set(`open-${id}`, result.openBy, { conv, message: id });
  }

  async #openedInTime({ data }: DueTimer): Promise<void> {
    const conv = data['conv'] ?? '';
    const id = data['message'] ?? '';
    if (!isId('conversation', conv) || !isId('message', id)) return;
    const { session, wait } = this.#context;
    // Offline nobody knows what was opened: thrown, it is tried again.
    if (session.connection.read().state !== 'online') throw new Error('offline');
    const place = await this.#threads.open(conv);
    if (place === null) return;
    const message = await this.#threads.find(place.thread, id);
    if (!message?.result || message.withdrawn !== null) return;
    await new Promise<void>((resolve) => wait.after(MARKS_MS, resolve));
    if (place.thread.isOpenedBy(message, this.#threads.patientsOf(place.thread))) return;
    await this.#asks.ask(place, {
      contract: 'reply',
      key: [id, 'unopened'],
      text: unopenedText(message.result.title),
      flags: [],
      first: await this.#assigneeOf(conv),
    });
  }

  async #assigneeOf(conv: ConversationId): Promise<OwnerId | null> {
    const desk = await this.#context.session.collections.named('desk');
    const kept = await desk?.get(`thread:${conv}`);
    const assignee = kept?.value.t === 'thread' ? kept.value.assignee : null;
    return assignee !== null && (isId('role', assignee) || isId('account', assignee)) ? assignee : null;
  }
}

function newestOf({ thread }: PatientThread): number {
  return messagesOf(thread).at(-1)?.seq ?? 0;
}
