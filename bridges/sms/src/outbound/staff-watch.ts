import type { ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import type { Reach } from '@baton/wire';
import { withAnswered } from '../prompts.ts';
import type { ThreadRow } from '../records/rows.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TimelineMessage } from '../threads.ts';
import { type Mark, markOf, tellMarks } from './text-marks.ts';
import {
  dueOf,
  EMPTY_THREAD,
  joinsNotice,
  MOST_WAITING,
  noticeReference,
  planned,
  withinBounds,
  type Written,
} from './thread-plan.ts';
import { urgentBy } from './urgency.ts';

const TOO_MANY: Mark = { mode: 'plain', state: 'refused', segments: 0, code: 'too-many' };

interface Listed {
  list(): readonly { readonly id: ConversationId; readonly kind: string; readonly lastAt: TimestampMs }[];
  subscribe(listener: () => void): () => void;
}

/**
 * Sees what staff write to patients and writes down that a text is due. A conversation is looked at when something in it changed; how far it was looked
 * through is written down with what came of it, in one write.
 */
export class StaffWatch {
  readonly #around: Surroundings;
  /** When each conversation last had something new, as far as it was looked at. */
  readonly #seen = new Map<ConversationId, TimestampMs>();
  /** Nobody is known to be reached here yet: looked at when that changes, from where it was left. */
  readonly #strange = new Set<ConversationId>();
  #list: Listed | null = null;
  #off: () => void = () => {};

  constructor(around: Surroundings) {
    this.#around = around;
  }

  start(list: Listed): void {
    const { agenda, context, texting } = this.#around;
    this.#list = list;
    const offList = list.subscribe(() => this.look());
    const offValues = texting.values.subscribe(() => {
      for (const id of this.#strange) agenda.set(`scan/${id}`, context.clock.nowMs());
    });
    this.#off = () => {
      offList();
      offValues();
      this.#list = null;
    };
    this.look();
  }

  /** Plans to look at whatever has something new. */
  look(): void {
    const { agenda, context } = this.#around;
    for (const { id, kind, lastAt } of this.#list?.list() ?? []) {
      if (kind !== 'patient' || this.#seen.get(id) === lastAt) continue;
      this.#seen.set(id, lastAt);
      agenda.set(`scan/${id}`, context.clock.nowMs());
    }
  }

  stop(): void {
    this.#off();
    this.#seen.clear();
    this.#strange.clear();
  }

  /** Takes up what staff wrote in one conversation since it was last looked at. */
  scan(conv: ConversationId): Promise<null> {
    const { threads, memory, texting, line, agenda, context } = this.#around;
    return line.run(conv, async () => {
      if (!threads.isOpen(conv)) return null;
      const view = await texting.now();
      const reach = view.byConversation(conv) ?? (await texting.newest()).byConversation(conv);
      // The message may be here before the patient is: what it calls for is decided then, and nothing is skipped.
      if (reach === null) {
        this.#strange.add(conv);
        return null;
      }
      this.#strange.delete(conv);
      const thread = await threads.open(conv);
      const before = memory.threads.get(conv) ?? EMPTY_THREAD;
      const found = await threads.after(thread, before.upTo);
      if (found.length === 0) return null;
      const written = found
        .filter((message) => isForPatient(message))
        .map(({ id, seq, prompt, author, at }): Written => {
          return { id, seq, prompt, isUrgent: urgentBy(thread, { author, at }) !== null };
        });
      const place = { conv, reach, at: context.clock.nowMs() };
      let tooMany: readonly MessageId[] = [];
      const row = await memory.threads.change(conv, (newest) => {
        const known = newest ?? EMPTY_THREAD;
        const all = written.reduce((done, message) => planned(done, message, place), known);
        const { row: next, surplus } = withinBounds(all);
        tooMany = surplus;
        const upTo = Math.max(known.upTo, ...found.map(({ seq }) => seq ?? 0));
        // On the page, or by a text of this assistant's own.
        const answered = found.reduce(
          (done, { answers }) => withAnswered(done, answers?.prompt ?? null),
          next,
        );
        // Whoever answers ends the run: what the patient writes next is answered afresh. A programme's question answers nobody.
        const isAnswered = written.some(({ prompt }) => prompt === null);
        return { ...answered, upTo, run: isAnswered ? null : known.run };
      });
      await this.#tellNew(place, written, before.notice);
      await tellMarks(this.#around, conv, tooMany, TOO_MANY);
      const dueAt = row && dueOf(row);
      if (dueAt !== null) agenda.set(`thread/${conv}`, dueAt);
      return null;
    });
  }

  /** What is known at once: nothing goes to a conversation that no proxy may hear of; what joins a notice that went is announced by it. */
  async #tellNew(
    { conv, reach, at }: { readonly conv: ConversationId; readonly reach: Reach; readonly at: TimestampMs },
    written: readonly Written[],
    notice: ThreadRow['notice'],
  ): Promise<void> {
    const { memory } = this.#around;
    const ids = written.map(({ id }) => id);
    if (ids.length === 0) return;
    if (reach.confidential === conv) {
      const mark = { mode: 'link', state: 'refused', segments: 0, code: 'confidential' } as const;
      return tellMarks(this.#around, conv, ids, mark);
    }
    if (reach.channel !== 'link' || !notice || notice.texts === 0) return;
    const joining = written.filter(({ isUrgent }) => joinsNotice(notice, { at, isUrgent }));
    if (joining.length === 0) return;
    const joined = joining.map(({ id }) => id);
    const reference = noticeReference(conv, notice.since, notice.texts - 1);
    const row = await memory.texts.change(reference, (newest) =>
      newest ? { ...newest, messages: [...newest.messages, ...joined].slice(-MOST_WAITING) } : undefined,
    );
    if (row) await tellMarks(this.#around, conv, joined, markOf(row));
  }
}

/**
 * The patient, other assistants' own words and what came from a phone need no text; everything else that is written to a patient does, and what a
 * programme asks or tells.
 */
function isForPatient({ author, via, automatic, withdrawn, mine, prompt }: TimelineMessage): boolean {
  const isOwnWords = automatic && prompt === null;
  return !mine && author.kind !== 'patient' && via === null && !isOwnWords && withdrawn === null;
}
