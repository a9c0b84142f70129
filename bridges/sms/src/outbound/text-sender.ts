import type { AccountId, ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import {
  ANSWER_WITHIN_MS,
  type AnswerTo,
  CONTACT_MEMORY_MS,
  cutText,
  hasStopNotice,
  judgeText,
  measureText,
  needsStopNotice,
  type TextCode,
  type TextQuestion,
  type TextVerdict,
  withStopNotice,
} from '@baton/policy';
import type { Language, TextMode, TextOrder } from '@baton/wire';
import type { SendOutcome } from '../carriers/carrier.ts';
import type { OptOuts } from '../inbound/opt-outs.ts';
import { keyOf } from '../records/memory.ts';
import type { TextRow } from '../records/rows.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Mark, markOf } from './text-marks.ts';

type TextPart = TextRow['parts'][number];

const FIRST_PAUSE_MS = 2000;
const LAST_PAUSE_MS = 300_000;
/** After so many tries a carrier that is busy has failed. */
const MOST_TRIES = 12;
const MOST_CONTACTS = 300;

/** One text that somebody wants sent. */
export interface TextJob {
  /** Ours: the same on every try. A carrier that knows it sends it once. */
  readonly reference: string;
  readonly number: string;
  readonly ref: string | null;
  readonly purpose: TextOrder['purpose'];
  readonly mode: TextMode;
  readonly language: Language;
  readonly text: string;
  readonly urgentBy: AccountId | null;
  readonly answerTo: AnswerTo | null;
  /**
   * Goes on with what the patient texted at that time: within five minutes at night as well, and outside the cap. Every consent that it needs without is
   * needed all the same.
   */
  readonly continues: TimestampMs | null;
  readonly notAfter: TimestampMs | null;
  readonly about: {
    readonly order: string | null;
    readonly conv: ConversationId | null;
    readonly messages: readonly MessageId[];
  };
}

export type TextOutcome =
  /** Handed to the carrier, or failed for good there: the mark says which. */
  | { readonly t: 'done'; readonly mark: Mark }
  | { readonly t: 'wait'; readonly untilMs: TimestampMs; readonly code: 'quiet-hours' | 'cap' }
  | { readonly t: 'refused'; readonly code: TextCode | 'no-number' }
  /** The carrier was busy. */
  | { readonly t: 'again'; readonly atMs: TimestampMs };

/**
 * Hands texts to the carrier. Everything is written before it is done: the text's row, the contact that it counts as, the try. Judged right before each part,
 * by what the server has at that moment. A crash between the carrier's answer and its being written down sends that one part again, under the same
 * reference; nothing else can be sent twice, and nothing is lost.
 */
export class TextSender {
  readonly #around: Surroundings;
  readonly #optOuts: OptOuts;
  /** A report that came before we knew what it reports on. */
  readonly #reportKnown: (carrierId: string) => Promise<void>;
  /** Carrier's id to our reference. */
  readonly #byCarrierId = new Map<string, string>();

  constructor(around: Surroundings, optOuts: OptOuts, reportKnown: (carrierId: string) => Promise<void>) {
    this.#around = around;
    this.#optOuts = optOuts;
    this.#reportKnown = reportKnown;
  }

  /** After the memory was read. Answers the carrier's ids of reports that came before our own record of what they report on. */
  load(): readonly string[] {
    this.#byCarrierId.clear();
    for (const [reference, { parts }] of this.#around.memory.texts.entries())
      for (const { carrierId } of parts) if (carrierId !== null) this.#byCarrierId.set(carrierId, reference);
    return this.#around.memory.reports
      .entries()
      .map(([id]) => id)
      .filter((id) => this.#byCarrierId.has(id));
  }

  referenceOf(carrierId: string): string | null {
    return this.#byCarrierId.get(carrierId) ?? null;
  }

  async send(job: TextJob): Promise<TextOutcome> {
    const { memory, context } = this.#around;
    for (;;) {
      const row = memory.texts.get(job.reference);
      const index = row === null ? 0 : row.parts.findIndex(isUnsent);
      if (row !== null && index < 0) return { t: 'done', mark: markOf(row) };
      const verdict = await this.#judge(job);
      if (verdict.verdict === 'wait') return { t: 'wait', untilMs: verdict.untilMs, code: verdict.code };
      if (verdict.verdict === 'refuse' && index <= 0) {
        await memory.texts.remove(job.reference);
        return { t: 'refused', code: verdict.code };
      }
      if (verdict.verdict === 'refuse') {
        // Its first parts have gone; the rest does not.
        const { code } = verdict;
        await this.#change(job.reference, (part) =>
          isUnsent(part) ? { ...part, state: 'refused', code } : part,
        );
        continue;
      }
      const begun = await this.#begin(job, row, Math.max(0, index));
      const outcome = await this.#hand(job, begun, Math.max(0, index));
      if (outcome !== null) return outcome;
      context.lease.requireHeld();
    }
  }

  async #judge(job: TextJob): Promise<TextVerdict> {
    const { texting, memory, context } = this.#around;
    const view = await texting.newest();
    const { settings } = view;
    if (!settings) return { verdict: 'refuse', code: 'no-consent' };
    const sent = memory.contacts.get(job.ref ?? job.number)?.sent ?? [];
    const question: TextQuestion = {
      nowMs: context.clock.nowMs(),
      number: job.number,
      purpose: job.purpose,
      mode: job.mode,
      reach: job.ref === null ? null : (view.reach.get(job.ref) ?? null),
      consents: job.ref === null ? [] : view.consentsOf(job.ref),
      optOut: view.optOut(job.number),
      quiet: settings.quiet,
      cap: settings.cap,
      contacts: sent.filter(({ text }) => text !== job.reference).map(({ at }) => at),
      urgentBy: job.urgentBy,
      answerTo: job.answerTo,
      notAfter: job.notAfter,
    };
    const verdict = judgeText(question);
    if (verdict.verdict === 'send' || !isContinuing(job, question.nowMs)) return verdict;
    if (verdict.verdict === 'refuse' && verdict.code !== 'cap') return verdict;
    return judgeText({ ...question, answerTo: { receivedAt: job.continues, confirmsOptOut: false } });
  }

  /** Writes down what is about to be done: the row and the contact first. */
  async #begin(job: TextJob, known: TextRow | null, index: number): Promise<TextRow> {
    const { memory, context } = this.#around;
    const nowMs = context.clock.nowMs();
    const isAnswer = job.answerTo !== null || isContinuing(job, nowMs);
    const contact = isAnswer ? null : (job.ref ?? job.number);
    if (contact !== null && index === 0)
      await memory.contacts.change(contact, (newest) => {
        const sent = (newest?.sent ?? []).filter(({ at }) => at > nowMs - CONTACT_MEMORY_MS);
        if (sent.some(({ text }) => text === job.reference)) return undefined;
        return { sent: [...sent.slice(-MOST_CONTACTS), { at: nowMs, text: job.reference }] };
      });
    const withStop =
      known?.withStop ??
      (!hasStopNotice(job.text) &&
        needsStopNotice(memory.numbers.get(job.number)?.stopNoticeAt ?? null, nowMs));
    const texts = partsOf(job, withStop);
    const fresh: TextRow = {
      order: job.about.order,
      conv: job.about.conv,
      messages: [...job.about.messages],
      mode: job.mode,
      to: job.number,
      contact,
      madeAt: nowMs,
      withStop,
      parts: texts.map(() => ({ state: 'waiting', carrierId: null, code: null, tries: 0 })),
      segments: texts.reduce((sum, text) => sum + measureText(text).segments, 0),
      told: null,
    };
    const row = await memory.texts.change(job.reference, (newest) => {
      const { parts, ...rest } = newest ?? fresh;
      return {
        ...rest,
        parts: parts.map((part, each) => (each === index ? { ...part, tries: part.tries + 1 } : part)),
      };
    });
    return row ?? fresh;
  }

  /** One part to the carrier; null: go on with the next. */
  async #hand(job: TextJob, row: TextRow, index: number): Promise<TextOutcome | null> {
    const { carrier, context, memory } = this.#around;
    const text = partsOf(job, row.withStop)[index];
    // The message was edited and is shorter now: what was left of it is no more.
    if (text === undefined) {
      await this.#setPart(job.reference, index, { state: 'failed', code: 'text.changed' });
      return null;
    }
    context.lease.requireHeld();
    const outcome: SendOutcome = await carrier.send({
      to: job.number,
      text,
      reference: `${job.reference}.${index}`,
    });
    if (outcome.ok) {
      // Handed in is sent, as people say it; carriers report again when it has left them.
      const state = outcome.state === 'waiting' ? 'sent' : outcome.state;
      await this.#setPart(job.reference, index, { state, carrierId: outcome.id, code: null });
      this.#byCarrierId.set(outcome.id, job.reference);
      if (memory.reports.get(await keyOf(outcome.id))) await this.#reportKnown(outcome.id);
      if (row.withStop || hasStopNotice(job.text)) await this.#noteStop(job.number);
      return null;
    }
    if (outcome.code === 'carrier.opted-out')
      await this.#optOuts.optOut({ number: job.number, words: '(carrier)', at: context.clock.nowMs() });
    const tries = row.parts[index]?.tries ?? 1;
    if (outcome.isPassing && tries < MOST_TRIES) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LAST_PAUSE_MS);
      return { t: 'again', atMs: context.clock.nowMs() + pauseMs };
    }
    await this.#setPart(job.reference, index, { state: 'failed', code: outcome.code });
    return null;
  }

  #setPart(reference: string, index: number, change: Partial<TextPart>): Promise<void> {
    return this.#change(reference, (part, each) => (each === index ? { ...part, ...change } : part));
  }

  /** Whatever changes in a row is told in the thread and in the order. */
  async #change(reference: string, change: (part: TextPart, index: number) => TextPart): Promise<void> {
    const { memory, agenda, context } = this.#around;
    const row = await memory.texts.change(reference, (newest) =>
      newest ? { ...newest, parts: newest.parts.map(change) } : undefined,
    );
    if (row && !row.parts.some(isUnsent)) agenda.set(`tell/${reference}`, context.clock.nowMs());
  }

  async #noteStop(number: string): Promise<void> {
    const stopNoticeAt = this.#around.context.clock.nowMs();
    await this.#around.memory.numbers.change(number, (newest) => ({
      ...(newest ?? { writer: null, asked: null, run: null }),
      stopNoticeAt,
    }));
  }
}

/** Soon enough after the patient's own text to be a part of that exchange. */
function isContinuing(
  job: TextJob,
  nowMs: TimestampMs,
): job is TextJob & { readonly continues: TimestampMs } {
  return job.continues !== null && nowMs - job.continues <= ANSWER_WITHIN_MS;
}

function partsOf({ text, language }: TextJob, withStop: boolean): readonly string[] {
  return cutText(withStop ? withStopNotice(text, language) : text);
}

function isUnsent({ state, carrierId }: TextPart): boolean {
  return state === 'waiting' && carrierId === null;
}
