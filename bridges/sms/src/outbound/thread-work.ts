import type { AgentConversation } from '@baton/agent';
import type { AccountId, ConversationId, TimestampMs } from '@baton/kernel';
import { findConsent, plainMarks, textForLink, textForPlain } from '@baton/policy';
import type { Consent, Reach, TextingSettings } from '@baton/wire';
import { hasShort, purposeOf, textForPrompt } from '../prompts.ts';
import { mobileOf, readersOf } from '../records/texting-book.ts';
import type { ThreadRow } from '../records/rows.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TimelineMessage } from '../threads.ts';
import { tellMarks } from './text-marks.ts';
import { dueOf, JOIN_MS, NOTICE_AFTER_MS, noticeReference, withNotice } from './thread-plan.ts';
import type { TextJob, TextOutcome, TextSender } from './text-sender.ts';
import { continuedBy, isPassing, urgentBy } from './urgency.ts';

const MINUTE_MS = 60_000;

interface Scene {
  readonly conv: ConversationId;
  readonly thread: AgentConversation;
  readonly reach: Reach;
  readonly settings: TextingSettings;
  /** Of this patient. */
  readonly consents: readonly Consent[];
}
type Plain = ThreadRow['plain'][number];
type Notice = NonNullable<ThreadRow['notice']>;

/** Texts that staff's messages call for, one conversation at a time. */
export class ThreadWork {
  readonly #around: Surroundings;
  readonly #sender: TextSender;

  constructor(around: Surroundings, sender: TextSender) {
    this.#around = around;
    this.#sender = sender;
  }

  /** Does what is due; answers when it is to look again. */
  work(conv: ConversationId): Promise<TimestampMs | null> {
    const { memory, threads, line } = this.#around;
    return line.run(conv, async () => {
      const row = memory.threads.get(conv);
      if (row === null) return null;
      const scene = await this.#scene(conv);
      if (scene === null || !threads.isOpen(conv)) {
        // Nobody to reach, or the assistant was taken out: nothing that was planned here goes any more.
        await memory.threads.change(conv, (newest) =>
          newest ? { ...newest, plain: [], notice: null } : undefined,
        );
        return null;
      }
      await this.#sendPlain(scene);
      await this.#sendNotice(scene);
      const left = memory.threads.get(conv);
      return left ? dueOf(left) : null;
    });
  }

  async #scene(conv: ConversationId): Promise<Scene | null> {
    const view = await this.#around.texting.newest();
    const reach = view.byConversation(conv);
    if (!reach || !view.settings || !this.#around.threads.isOpen(conv)) return null;
    const thread = await this.#around.threads.open(conv);
    return { conv, thread, reach, settings: view.settings, consents: view.consentsOf(reach.ref) };
  }

  /**
   * In the order in which they were written: one that has to wait holds up those after it. What passes quiet hours and cap overtakes what waits for their end,
   * in its own order.
   */
  async #sendPlain(scene: Scene): Promise<void> {
    const { memory, context, threads } = this.#around;
    const { conv, thread } = scene;
    let held: Plain | null = null;
    let heldPassing: Plain | null = null;
    const entries = memory.threads.get(conv)?.plain ?? [];
    for (const [index, entry] of entries.entries()) {
      const message = await threads.find(thread, entry.message);
      if (message === null || message.withdrawn !== null) {
        await this.#dropPlain(conv, entry);
        continue;
      }
      if (modeOf(scene, message) === null) {
        await this.#announce(scene, entry, message);
        continue;
      }
      const nowMs = context.clock.nowMs();
      const passes = isPassing(thread, message, nowMs);
      const before: Plain | null = passes ? heldPassing : held;
      const left: Plain | null =
        before !== null
          ? // Goes when that goes, and says why it waits as that does.
            await this.#keepWaiting(scene, { entry, message }, before)
          : isDue(entry, entries.slice(index + 1), nowMs)
            ? await this.#sendOnePlain(scene, entry, message)
            : entry;
      if (passes) heldPassing ??= left;
      held ??= left;
    }
  }

  /** The patient has gone over to links since: it is announced. */
  async #announce({ conv, thread }: Scene, { message, seq }: Plain, found: TimelineMessage): Promise<void> {
    const at = this.#around.context.clock.nowMs();
    const isUrgent = urgentBy(thread, found) !== null;
    await this.#around.memory.threads.change(conv, (row) => {
      const rest = (row?.plain ?? []).filter(({ message: id }) => id !== message);
      return row && withNotice({ ...row, plain: rest }, { message, seq, at, isUrgent });
    });
  }

  /** Answers the entry as it waits; null: it is done with. */
  async #sendOnePlain(scene: Scene, entry: Plain, message: TimelineMessage): Promise<Plain | null> {
    const { conv } = scene;
    const short = scene.reach.channel === 'link' ? shortOf(scene, message) : null;
    const mode = short === null ? ('plain' as const) : ('link' as const);
    const { prompt } = message;
    const outcome = await this.#send(scene, {
      reference: `m.${entry.message}`,
      mode,
      text: short ?? this.#wordsOf(scene, message),
      purpose: prompt ? purposeOf(prompt) : 'notice',
      notAfter: prompt?.until ?? null,
      continues: prompt ? continuedBy(scene.thread, message) : null,
      urgentBy: urgentBy(scene.thread, message),
      messages: [entry.message],
    });
    if (outcome.t === 'refused') {
      const mark = { mode, state: 'refused', segments: 0, code: outcome.code } as const;
      await tellMarks(this.#around, conv, [entry.message], mark);
    }
    if (outcome.t === 'done' || outcome.t === 'refused') {
      await this.#dropPlain(conv, entry);
      return null;
    }
    const dueAt = outcome.t === 'wait' ? outcome.untilMs : outcome.atMs;
    const said = outcome.t === 'wait' ? outcome.code : null;
    return this.#keepWaiting(scene, { entry, message }, { dueAt, said });
  }

  async #keepWaiting(
    scene: Scene,
    { entry, message }: { readonly entry: Plain; readonly message: TimelineMessage },
    { dueAt, said }: Pick<Plain, 'dueAt' | 'said'>,
  ): Promise<Plain> {
    const { conv } = scene;
    const mode = modeOf(scene, message) ?? 'link';
    if (said !== null && entry.said !== said)
      await tellMarks(this.#around, conv, [entry.message], {
        mode,
        state: 'waiting',
        segments: 0,
        code: said,
      });
    const waits = { ...entry, dueAt, said };
    await this.#around.memory.threads.change(conv, (row) => {
      const known = row?.plain.find(({ message: id }) => id === entry.message);
      if (!row || !known || (known.dueAt === dueAt && known.said === said)) return undefined;
      return { ...row, plain: row.plain.map((one) => (one === known ? waits : one)) };
    });
    return waits;
  }

  #wordsOf({ reach: { language }, settings: { practice } }: Scene, message: TimelineMessage): string {
    const words = plainMarks(message.text);
    const named = message.prompt
      ? textForPrompt(language, practice, words)
      : textForPlain(language, practice, words);
    return [
      ...(words.trim() === '' ? [] : [named]),
      // What is attached stays where it is sealed.
      ...(message.attachments.length === 0 ? [] : [textForLink(language, practice, this.#page(), 'file')]),
    ].join('\n');
  }

  async #dropPlain(conv: ConversationId, { message }: Plain): Promise<void> {
    await this.#around.memory.threads.change(conv, (row) =>
      row ? { ...row, plain: row.plain.filter((one) => one.message !== message) } : undefined,
    );
  }

  async #sendNotice(scene: Scene): Promise<void> {
    const { memory, context } = this.#around;
    const { conv, settings, reach } = scene;
    const nowMs = context.clock.nowMs();
    const planned = memory.threads.get(conv)?.notice;
    if (!planned || planned.dueAt > nowMs) return;
    const unread = await this.#stillUnread(scene, planned);
    // What a programme asks is asked again by the programme, if at all.
    const reminders = isAsked(unread) ? 0 : settings.remindAfterMin.length;
    if (unread.length === 0 || reach.channel === 'none' || planned.texts > reminders)
      return this.#setNotice(conv, null);
    const messages = planned.messages.filter((one) => unread.some(({ id }) => id === one.message));
    const notice = { ...planned, messages };
    const what = notice.texts === 0 ? 'new' : 'reminder';
    const outcome = await this.#send(scene, {
      reference: noticeReference(conv, notice.since, notice.texts),
      mode: 'link',
      text: textForLink(reach.language, settings.practice, this.#page(), what),
      ...judgedAs(scene.thread, unread),
      urgentBy: firstOf(unread, (message) => urgentBy(scene.thread, message)),
      messages: messages.map(({ message }) => message),
    });
    await this.#afterNotice(scene, { notice, unread }, outcome);
  }

  async #afterNotice(
    { conv, settings }: Scene,
    { notice, unread }: { readonly notice: Notice; readonly unread: readonly TimelineMessage[] },
    outcome: TextOutcome,
  ): Promise<void> {
    const { context } = this.#around;
    // One that joined says it for itself; those before it have said it.
    const say = (state: 'waiting' | 'refused', code: string) => {
      const untold = unread.filter(({ delivery: last }) => last?.state !== state || last.code !== code);
      const ids = untold.map(({ id }) => id);
      return tellMarks(this.#around, conv, ids, { mode: 'link', state, segments: 0, code });
    };
    switch (outcome.t) {
      case 'done': {
        const lastTextAt = context.clock.nowMs();
        const texts = notice.texts + 1;
        // One that had to wait for the morning is reminded of from then on.
        const firstAt = texts === 1 ? Math.max(notice.firstAt, lastTextAt - NOTICE_AFTER_MS) : notice.firstAt;
        const pauses = isAsked(unread) ? [] : settings.remindAfterMin;
        const minutes = [...pauses].sort((a, b) => a - b)[texts - 1];
        // The last of them stays open for a while, so that what is written soon after needs none of its own.
        const dueAt =
          minutes === undefined
            ? lastTextAt + JOIN_MS
            : Math.max(firstAt + minutes * MINUTE_MS, lastTextAt + MINUTE_MS);
        return this.#setNotice(conv, { ...notice, firstAt, texts, lastTextAt, dueAt, said: null });
      }
      case 'again':
        return this.#setNotice(conv, { ...notice, dueAt: outcome.atMs });
      case 'refused':
        if (notice.texts === 0) await say('refused', outcome.code);
        return this.#setNotice(conv, null);
      case 'wait': {
        // A reminder on another day for want of room under the cap reminds of nothing.
        if (notice.texts > 0 && outcome.code === 'cap') return this.#setNotice(conv, null);
        if (notice.texts === 0 && notice.said !== outcome.code) await say('waiting', outcome.code);
        return this.#setNotice(conv, { ...notice, dueAt: outcome.untilMs, said: outcome.code });
      }
    }
  }

  /** What the notice announces, without what was opened or taken back, and without questions that are over. */
  async #stillUnread({ conv, thread, reach }: Scene, notice: Notice): Promise<readonly TimelineMessage[]> {
    const { context, threads } = this.#around;
    const nowMs = context.clock.nowMs();
    const readers: readonly AccountId[] = readersOf(reach, nowMs);
    const messages: TimelineMessage[] = [];
    for (const one of notice.messages) {
      if (thread.isOpenedBy({ seq: one.seq }, readers)) continue;
      const found = await threads.find(thread, one.message);
      if (found === null || found.withdrawn !== null) continue;
      const isOver = found.prompt !== null && found.prompt.until < nowMs;
      if (!isOver) messages.push(found);
      else if (notice.texts === 0) {
        const mark = { mode: 'link', state: 'refused', segments: 0, code: 'too-late' } as const;
        await tellMarks(this.#around, conv, [found.id], mark);
      }
    }
    return messages;
  }

  async #setNotice(conv: ConversationId, notice: Notice | null): Promise<void> {
    await this.#around.memory.threads.change(conv, (row) => (row ? { ...row, notice } : undefined));
  }

  #page(): string {
    return `${this.#around.context.publicUrl}/p`;
  }

  #send(
    { conv, reach }: Scene,
    wish: Pick<TextJob, 'reference' | 'mode' | 'text' | 'urgentBy' | 'purpose' | 'notAfter' | 'continues'> & {
      readonly messages: TextJob['about']['messages'];
    },
  ): Promise<TextOutcome> {
    const number = mobileOf(reach);
    if (number === null) return Promise.resolve({ t: 'refused', code: 'no-number' });
    const { messages, ...rest } = wish;
    return this.#sender.send({
      ...rest,
      number,
      ref: reach.ref,
      language: reach.language,
      answerTo: null,
      about: { order: null, conv, messages },
    });
  }
}

/** The short words of a reminder, where the patient's consent lets a text say them although the channel is `link`. */
function shortOf({ reach, consents }: Scene, { prompt }: TimelineMessage): string | null {
  if (!hasShort(prompt)) return null;
  return findConsent(consents, 'reminders', mobileOf(reach)) === null ? null : prompt.short;
}

/** One that waits by the rules is judged again when another comes behind it: consent, hours or time zone may be others now. */
function isDue({ dueAt, said }: Plain, behind: readonly Plain[], nowMs: TimestampMs): boolean {
  return dueAt <= nowMs || (said !== null && behind.some((one) => one.dueAt <= nowMs));
}

/** How the message itself goes; null: not at all, a notice announces it. */
function modeOf(scene: Scene, message: TimelineMessage): 'plain' | 'link' | null {
  if (scene.reach.channel !== 'link') return 'plain';
  return shortOf(scene, message) === null ? null : 'link';
}

/** Only programmes' questions wait there. */
function isAsked(messages: readonly TimelineMessage[]): boolean {
  return messages.length > 0 && messages.every(({ prompt }) => prompt !== null);
}

/** One notice for several messages: as staff's where one of them is staff's, else as a reminder's where one is. */
function judgedAs(
  thread: AgentConversation,
  messages: readonly TimelineMessage[],
): Pick<TextJob, 'purpose' | 'notAfter' | 'continues'> {
  const prompts = messages.flatMap(({ prompt }) => prompt ?? []);
  if (prompts.length < messages.length || prompts.length === 0)
    return { purpose: 'notice', notAfter: null, continues: null };
  const isReminder = prompts.some((prompt) => purposeOf(prompt) === 'reminder');
  return {
    purpose: isReminder ? 'reminder' : 'survey',
    notAfter: Math.max(...prompts.map(({ until }) => until)),
    continues: firstOf(messages, (message) => continuedBy(thread, message)),
  };
}

function firstOf<T>(
  messages: readonly TimelineMessage[],
  find: (message: TimelineMessage) => T | null,
): T | null {
  for (const message of messages) {
    const found = find(message);
    if (found !== null) return found;
  }
  return null;
}
