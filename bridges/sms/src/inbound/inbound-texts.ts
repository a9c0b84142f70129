import { AgentError, type AgentConversation } from '@baton/agent';
import type { ConversationId, MessageId } from '@baton/kernel';
import { routeMessage } from '@baton/policy';
import type { Reach, RedFlag, TextingSettings } from '@baton/wire';
import type { CarrierEvent } from '../carriers/carrier.ts';
import { keyOf } from '../records/memory.ts';
import type { InboundRow, NumberRow } from '../records/rows.ts';
import type { TextingView } from '../records/texting-book.ts';
import { EMPTY_THREAD } from '../outbound/thread-plan.ts';
import { type Answered, newestFirst, type OpenQuestion, withAnswered } from '../prompts.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TimelineMessage } from '../threads.ts';
import type { InboundMediaWork } from './media-work.ts';
import type { OptOuts } from './opt-outs.ts';
import { answerIn, flagsOf, personOf, planText, runAfter, type TextPlan, WRITER_MS } from './plan-text.ts';

export type InboundText = Extract<CarrierEvent, { t: 'text' }>;

/** A queue or role that is asked must have some time. */
const SHORTEST_MS = 60_000;
const MOST_HELD = 50;
/** So exactly it is known when a run had its last text. */
const RUN_STEP_MS = 3_600_000;

/** Why a text cannot be taken now; the carrier repeats it. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

interface Placed {
  readonly text: string;
  readonly from: string;
  readonly segments: number;
  readonly message: MessageId;
  readonly conv: ConversationId;
  readonly reach: Reach | null;
  readonly person: string | null;
  readonly flags: readonly RedFlag[];
  /** The programme's question that it answers. */
  readonly answers: Answered | null;
}

/**
 * Takes texts from the carrier to where they belong. When `take` resolves, the text is committed with a baton, an opt-out holds, and every answer is
 * written down; a repeat of the same text goes on where the first broke off, by the carrier's id.
 */
export class InboundTexts {
  readonly #around: Surroundings;
  readonly #parts: { readonly optOuts: OptOuts; readonly media: InboundMediaWork };

  constructor(around: Surroundings, parts: { readonly optOuts: OptOuts; readonly media: InboundMediaWork }) {
    this.#around = around;
    this.#parts = parts;
  }

  /** Texts of one number one after the other. */
  take(event: InboundText): Promise<void> {
    return this.#around.line.run(`number/${event.from}`, () => this.#take(event));
  }

  async #take(event: InboundText): Promise<void> {
    const { memory, carrier, context, texting, threads } = this.#around;
    const key = await keyOf(`${carrier.name}.${event.id}`);
    const known = memory.inbound.get(key);
    if (known?.done) return;
    let view = await texting.now();
    // A number that nobody is known to have may have been entered a moment ago.
    if (view.byNumber(event.from).length === 0) view = await texting.newest();
    const queue = threads.queue();
    const { settings } = view;
    if (!settings || queue === null) throw new NotReady('texting is not set up');
    const message = await memory.messageId('in', key);
    const nowMs = context.clock.nowMs();
    const plan = planText({
      text: event.text,
      number: event.from,
      at: known?.at ?? Math.min(event.at ?? nowMs, nowMs),
      message,
      view,
      settings,
      queue,
      known: memory.numbers.get(event.from),
      isOpen: (conv) => threads.isOpen(conv),
      runIn: (conv) => memory.threads.get(conv)?.run ?? null,
      questions: await this.#questionsOf(view.holdersOf(event.from)),
    });
    // Taken out of the conversation since it was decided: decided anew, so that the text is not lost.
    const row = known && threads.isOpen(known.conv) ? known : plan.row;
    if (row !== known) await memory.inbound.put(key, row);
    await this.#carryOut({ event, key, message, row, plan, view, settings, queue });
    await memory.inbound.put(key, { ...row, done: true });
    void context.activity.note('text.taken', [row.conv]);
  }

  /** What programmes have asked these patients, without what was taken back since. */
  async #questionsOf(patients: readonly Reach[]): Promise<readonly OpenQuestion[]> {
    const { memory, threads, context } = this.#around;
    const nowMs = context.clock.nowMs();
    const found: OpenQuestion[] = [];
    for (const { conversation: conv } of patients) {
      const asked = conv === null ? [] : (memory.threads.get(conv)?.asked ?? []);
      if (conv === null || asked.length === 0 || !threads.isOpen(conv)) continue;
      const thread = await threads.open(conv);
      for (const question of asked.filter(({ until }) => until > nowMs - WRITER_MS)) {
        const message = await threads.find(thread, question.message);
        if (message !== null && message.withdrawn === null) found.push({ ...question, conv });
      }
    }
    return found;
  }

  async #carryOut(work: {
    readonly event: InboundText;
    readonly key: string;
    readonly message: MessageId;
    readonly row: InboundRow;
    readonly plan: TextPlan;
    readonly view: TextingView;
    readonly settings: TextingSettings;
    readonly queue: ConversationId;
  }): Promise<void> {
    const { event, key, message, row, plan, view, settings, queue } = work;
    const { optOuts, media } = this.#parts;
    const { from, text } = event;
    const said = { number: from, words: text, at: row.at };
    // Before anything else: what was said holds although nothing further may succeed.
    if (row.optOut) {
      const patients = view.byNumber(from);
      await optOuts.optOut(said, row.optOut.wrongNumber ? refsOf(patients) : null);
      if (row.optOut.wrongNumber) await optOuts.revokeConsents(from, patients, view, row.at);
    }
    if (row.optIn) await optOuts.optIn(said, refsOf(view.holdersOf(from)));
    const reach = row.ref === null ? null : (view.reach.get(row.ref) ?? null);
    const { files, notes } = await media.fetch(key, event, { conv: row.conv, message, person: row.person });
    await this.#commit(
      {
        text: [text.slice(0, 4000), ...notes].filter((part) => part !== '').join('\n'),
        from,
        segments: event.segments,
        message,
        conv: row.conv,
        reach,
        person: row.person,
        flags: flagsOf(text, plan.language),
        answers: row.prompt,
      },
      settings,
      files,
    );
    for (const held of row.file) if (reach) await this.#file(held, { from, reach, queue, settings });
    await this.#remember(from, message, row, queue);
    for (const kind of row.answers) {
      const answer = {
        kind,
        to: from,
        ref: row.ref,
        conv: row.conv,
        language: plan.language,
        receivedAt: row.at,
      };
      const answerKey = `${key}.${kind}`;
      await this.#around.memory.answers.put(answerKey, { ...answer, mayComeBack: row.mayComeBack });
      this.#around.agenda.set(`answer/${answerKey}`, this.#around.context.clock.nowMs());
    }
  }

  /** Into the conversation with what is asked of its owner; resolves when the server has it. */
  async #commit(
    { text, from, segments, message, conv, reach, person, flags, answers }: Placed,
    settings: TextingSettings,
    files: Parameters<AgentConversation['send']>[0]['files'],
  ): Promise<void> {
    const { threads, context } = this.#around;
    const thread = await threads.open(conv);
    const isUrgent = flags.length > 0;
    const owner = isUrgent
      ? settings.urgentTo
      : routeMessage(settings, { topic: null, practitioners: reach?.practitioners ?? [] });
    const withinMs = Math.max(isUrgent ? settings.urgentWithinMs : settings.withinMs, SHORTEST_MS);
    const marks = {
      via: { channel: 'sms' as const, from, person, segments },
      ...(isUrgent && { flags: [...flags] }),
      ...(answers && { answers }),
    };
    const written = { id: message, text, files, mentions: [], replyTo: null, marks };
    const contract = isUrgent ? ('stat' as const) : ('reply' as const);
    const callback = from.startsWith('+') ? from : null;
    context.lease.requireHeld();
    try {
      await thread.ask(written, { contract, to: [owner], withinMs, callback, patient: reach?.name ?? null });
      await thread.committed(message);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Whoever was to be asked is not there any more: the text is, with whoever is asked where no rule fits, or with nobody but seen by all.
      await this.#commitOtherwise(thread, written, { contract, withinMs, callback, owner, settings });
    }
  }

  async #commitOtherwise(
    thread: AgentConversation,
    written: Parameters<AgentConversation['send']>[0],
    asked: {
      readonly contract: 'reply' | 'stat';
      readonly withinMs: number;
      readonly callback: string | null;
      readonly owner: string;
      readonly settings: TextingSettings;
    },
  ): Promise<void> {
    const { memory, context } = this.#around;
    const { contract, withinMs, callback, owner, settings } = asked;
    const others = [settings.askTo, settings.urgentTo].filter((other) => other !== owner);
    const ask = { contract, to: others.slice(0, 1), withinMs, callback, patient: null };
    if (ask.to.length > 0) {
      const id = await memory.messageId('otherwise', written.id ?? '');
      try {
        await thread.ask({ ...written, id }, ask);
        return await thread.committed(id);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    const id = await memory.messageId('unowned', written.id ?? '');
    await thread.send({ ...written, id });
    await thread.committed(id);
    await context.activity.note('text.unowned', [thread.id], 'failed');
  }

  /** A text that waited in the queue goes where its sender now says it belongs; what was asked in the queue is over. */
  async #file(
    held: MessageId,
    to: {
      readonly from: string;
      readonly reach: Reach;
      readonly queue: ConversationId;
      readonly settings: TextingSettings;
    },
  ): Promise<void> {
    const { threads, memory } = this.#around;
    const conv = to.reach.conversation;
    if (conv === null || !threads.isOpen(to.queue)) return;
    const queue = await threads.open(to.queue);
    const found = await threads.find(queue, held);
    // Staff were faster: it has been given to somebody, or answered.
    if (found === null || found.batons.every(({ ended }) => ended !== null)) return;
    const files = await Promise.all(
      found.attachments.map(async (attachment) => {
        const { name, mime, width, height } = attachment;
        return { name, mime, width, height, bytes: await queue.readAttachment(attachment) };
      }),
    );
    await this.#commit(
      {
        text: found.text,
        from: to.from,
        segments: found.via?.segments ?? 1,
        message: await memory.messageId('filed', held),
        conv,
        reach: to.reach,
        person: personOf(to.reach),
        flags: found.flags,
        answers: await this.#answeredIn(conv, to.reach, found),
      },
      to.settings,
      files,
    );
    this.#around.context.lease.requireHeld();
    await queue.settle(held, 'handled-elsewhere');
  }

  /** What a text that waited for its owner answers, now that it is known whose it is. */
  async #answeredIn(
    conv: ConversationId,
    reach: Reach,
    { text, at }: TimelineMessage,
  ): Promise<Answered | null> {
    const questions = newestFirst(await this.#questionsOf([reach]), at);
    const answered = answerIn(text, questions, { conv, language: reach.language });
    if (answered === null) return null;
    await this.#around.memory.threads.change(conv, (row) =>
      row ? withAnswered(row, answered.prompt) : undefined,
    );
    return answered;
  }

  /** What the next text of this number, and the next answer, go by. */
  async #remember(from: string, message: MessageId, row: InboundRow, queue: ConversationId): Promise<void> {
    const { memory } = this.#around;
    const isQueued = row.conv === queue;
    // What would not change is not written: a state that is written is sealed, sent and told.
    const isAboutNumber = isQueued || row.asksWho || row.person !== null;
    if (isAboutNumber) await this.#rememberNumber(from, message, row, isQueued);
    if (!isQueued)
      await memory.threads.change(row.conv, (newest) => {
        const known = withAnswered(newest ?? EMPTY_THREAD, row.prompt?.prompt ?? null);
        const isFresh = known.run !== null && row.at - known.run.lastAt < RUN_STEP_MS;
        const isSame = known === newest && isFresh && row.answers.length === 0;
        return isSame ? undefined : { ...known, run: runAfter(known.run, row) };
      });
  }

  async #rememberNumber(from: string, message: MessageId, row: InboundRow, isQueued: boolean): Promise<void> {
    await this.#around.memory.numbers.change(from, (newest) => {
      const known: NumberRow = newest ?? { writer: null, asked: null, stopNoticeAt: null, run: null };
      const writer =
        row.person !== null && row.ref !== null ? { ref: row.ref, until: row.at + WRITER_MS } : known.writer;
      return {
        ...known,
        writer,
        asked: askedAfter(known, row, message),
        run: isQueued ? runAfter(known.run, row) : known.run,
      };
    });
  }
}

function refsOf(patients: readonly Reach[]): readonly string[] {
  return patients.map(({ ref }) => ref);
}

function askedAfter(known: NumberRow, row: InboundRow, message: MessageId): NumberRow['asked'] {
  if (row.person !== null) return null;
  if (!row.asksWho) return known.asked;
  const open =
    known.asked && known.asked.until > row.at ? known.asked : { until: row.at + WRITER_MS, messages: [] };
  if (open.messages.includes(message)) return open;
  return { ...open, messages: [...open.messages, message].slice(-MOST_HELD) };
}

/** The server, or the client before it, will never take it as it is; everything else is tried again as it is. */
function isRefusal(error: unknown): boolean {
  if (error instanceof AgentError) return error.code === 'refused';
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' && /^(?:baton|policy|request|duty)\./.test(code);
}
