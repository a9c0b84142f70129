import type { ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import { CARRIER_WORDS, nameForText, textForPlain } from '@baton/policy';
import type { Language, Prompt, TextOrder } from '@baton/wire';
import type { AskedRow, ThreadRow } from './records/rows.ts';

// Programmes' questions as texts carry them (docs/protocol/programmes.md §3). Pure.

/** Questions of one conversation that are remembered at once; older ones are answered by nobody any more. */
const MOST_ASKED = 40;

/** A question that a text can answer. */
export interface OpenQuestion extends AskedRow {
  readonly conv: ConversationId;
  /** Position in the conversation: the newest one is answered first. */
  readonly seq: number;
}

/** What a text answers, as its mark says. */
export interface Answered {
  readonly prompt: MessageId;
  readonly choice: string | null;
}

/** What the texts about a question are judged as. A visit's reminder, and the offer of one, is no survey. */
export function purposeOf({ kind }: Prompt): TextOrder['purpose'] {
  return kind === 'reminder' || kind === 'waitlist' ? 'reminder' : 'survey';
}

/** Whether it may say when and where by itself, given the consent: visits only, never a question about health. */
export function hasShort(prompt: Prompt | null): prompt is Prompt & { readonly short: string } {
  return prompt !== null && prompt.short !== null && purposeOf(prompt) === 'reminder';
}

/** The message itself, for who asked for that. It names the practice once, by the name that texts may say. */
export function textForPrompt(language: Language, practice: string, text: string): string {
  const words = text.trim();
  return words.includes(nameForText(practice, language)) ? words : textForPlain(language, practice, words);
}

/** The row with one more question that can be answered by text; what is over is forgotten. */
export function withAsked(
  row: ThreadRow,
  message: { readonly id: MessageId; readonly seq: number | null; readonly prompt: Prompt | null },
  at: TimestampMs,
): ThreadRow {
  const { id, seq, prompt } = message;
  if (prompt === null || seq === null || prompt.until <= at) return row;
  if (prompt.asks === 'none' && prompt.choices.length === 0) return row;
  if (row.asked.some((one) => one.message === id)) return row;
  // A word that a carrier acts on is no answer, whoever offers it.
  const keys = prompt.choices.map(({ key }) => key).filter((key) => !CARRIER_WORDS.has(key));
  const open = row.asked.filter(({ until }) => until > at);
  const asked = [...open, { message: id, seq, keys, until: prompt.until, answered: false }];
  return { ...row, asked: asked.slice(-MOST_ASKED) };
}

/** The row once a question has been answered, by page or text. */
export function withAnswered(row: ThreadRow, prompt: MessageId | null): ThreadRow {
  if (prompt === null || !row.asked.some(({ message, answered }) => message === prompt && !answered))
    return row;
  const asked = row.asked.map((one) => (one.message === prompt ? { ...one, answered: true } : one));
  return { ...row, asked };
}

/** Newest first; a question that is answered still takes another of its letters, so that somebody may think again. */
export function newestFirst(questions: readonly OpenQuestion[], at: TimestampMs): readonly OpenQuestion[] {
  return questions.filter(({ until }) => until > at).toSorted((a, b) => b.seq - a.seq);
}

/** The newest question in a conversation that waits for words. */
export function waitsForWords(questions: readonly OpenQuestion[], conv: ConversationId): OpenQuestion | null {
  return questions.find((question) => question.conv === conv && !question.answered) ?? null;
}
