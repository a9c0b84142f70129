import type { TimestampMs } from '@baton/kernel';
import {
  type PracticeWords,
  textForAfterHours,
  textForEmergency,
  textForHelp,
  textForOptIn,
  textForOptOut,
  textForReceived,
  textForWhoWrites,
} from '@baton/policy';
import type { TextingSettings } from '@baton/wire';
import type { TextSender } from '../outbound/text-sender.ts';
import type { AnswerRow } from '../records/rows.ts';
import type { Surroundings } from '../surroundings.ts';

/** Automatic answers: sent to the phone, and shown in the thread as what they are. */
export class Answers {
  readonly #around: Surroundings;
  readonly #sender: TextSender;

  constructor(around: Surroundings, sender: TextSender) {
    this.#around = around;
    this.#sender = sender;
  }

  async work(key: string): Promise<TimestampMs | null> {
    const { memory, texting } = this.#around;
    const row = memory.answers.get(key);
    if (row === null) return null;
    const { settings } = await texting.now();
    if (!settings || !row.to.startsWith('+')) return this.#end(key);
    const text = wordsOf(row, settings);
    const reference = `a.${key}`;
    const outcome = await this.#sender.send({
      reference,
      number: row.to,
      ref: row.ref,
      purpose: 'notice',
      mode: 'plain',
      language: row.language,
      text,
      urgentBy: null,
      answerTo: { receivedAt: row.receivedAt, confirmsOptOut: row.kind === 'opt-out' },
      continues: null,
      notAfter: null,
      about: { order: null, conv: row.conv, messages: [] },
    });
    switch (outcome.t) {
      case 'again':
        return outcome.atMs;
      case 'wait':
        return outcome.untilMs;
      case 'refused':
        return this.#end(key);
      case 'done':
        await this.#show(key, row, { reference, text });
        return this.#end(key);
    }
  }

  async #show(
    key: string,
    { conv }: AnswerRow,
    { reference, text }: { readonly reference: string; readonly text: string },
  ): Promise<void> {
    const { threads, memory, context, agenda } = this.#around;
    if (!threads.isOpen(conv)) return;
    const id = await memory.messageId('answer', key);
    const thread = await threads.open(conv);
    context.lease.requireHeld();
    await thread.send({ id, text, files: [], mentions: [], replyTo: null, marks: { automatic: true } });
    await thread.committed(id);
    await memory.texts.change(reference, (newest) =>
      newest ? { ...newest, messages: [id], told: null } : undefined,
    );
    agenda.set(`tell/${reference}`, context.clock.nowMs());
  }

  async #end(key: string): Promise<null> {
    await this.#around.memory.answers.remove(key);
    return null;
  }
}

function wordsOf({ kind, language, mayComeBack }: AnswerRow, settings: TextingSettings): string {
  const words: PracticeWords = { practice: settings.practice, phone: settings.phone, language };
  switch (kind) {
    case 'opt-out':
      return textForOptOut(words, mayComeBack);
    case 'opt-in':
      return textForOptIn(words);
    case 'help':
      return textForHelp(words);
    case 'received':
      return textForReceived(words);
    case 'after-hours':
      return textForAfterHours(words, settings.afterHours[language]);
    case 'emergency':
      return textForEmergency(words);
    case 'who':
      return textForWhoWrites(words);
  }
}
