import type { TimelineItem, TimelineMessage } from '@baton/client';
import type { MessageId, TimestampMs } from '@baton/kernel';
import type { Prompt } from '@baton/wire';

/** A programme's question in the thread, with the newest answer to it (docs/protocol/programmes.md §3). */
export interface AskedPrompt {
  readonly message: TimelineMessage;
  readonly prompt: Prompt;
  readonly answer: TimelineMessage | null;
}
export type PromptBook = ReadonlyMap<MessageId, AskedPrompt>;

export interface Answers {
  readonly prompt: MessageId;
  readonly choice: string | null;
}

/** Every question of a thread, oldest first. An answer that was taken back or did not go out is none. */
export function promptBook(items: readonly TimelineItem[]): PromptBook {
  const book = new Map<MessageId, AskedPrompt>();
  for (const item of items) {
    if (item.type !== 'message' || item.withdrawn !== null) continue;
    if (item.prompt !== null) book.set(item.id, { message: item, prompt: item.prompt, answer: null });
    const asked = item.answers === null ? undefined : book.get(item.answers.prompt);
    if (asked !== undefined && item.state !== 'failed')
      book.set(asked.message.id, { ...asked, answer: item });
  }
  return book;
}

/** Whether it asks for anything, and may still be answered. */
export function isOpen({ prompt }: AskedPrompt, nowMs: TimestampMs): boolean {
  return asksAnything(prompt) && prompt.until > nowMs;
}

export function asksAnything({ asks, choices }: Prompt): boolean {
  return asks !== 'none' || choices.length > 0;
}

/** The newest question that waits for its first answer: what is written now answers it. */
export function waitingPrompt(book: PromptBook, nowMs: TimestampMs): AskedPrompt | null {
  return [...book.values()].findLast((asked) => isOpen(asked, nowMs) && asked.answer === null) ?? null;
}

/** How words that somebody typed answer a question: one of its letters alone is that choice. */
export function answersBy({ message, prompt }: AskedPrompt, text: string): Answers {
  const word = text.trim().toUpperCase();
  const choice = prompt.choices.find(({ key, label }) => key === word || label.toUpperCase() === word);
  return { prompt: message.id, choice: choice?.key ?? null };
}

/** What was answered, in the words of the question; null where it was files alone. */
export function answerWords({ prompt }: AskedPrompt, answer: TimelineMessage): string | null {
  const chosen = prompt.choices.find(({ key }) => key === answer.answers?.choice);
  return chosen?.label ?? (answer.text.trim() === '' ? null : answer.text.trim());
}

/** In one line, whole words. */
export function briefly(text: string, most = 140): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line.length <= most) return line;
  return `${line.slice(0, most).replace(/\s+\S*$/u, '')}…`;
}
