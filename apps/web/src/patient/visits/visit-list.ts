import type { TimelineMessage } from '@baton/client';
import type { MessageId, TimestampMs } from '@baton/kernel';
import type { Prompt } from '@baton/wire';
import {
  type AskedPrompt,
  answerWords,
  asksAnything,
  isOpen,
  type PromptBook,
} from '../prompts/prompt-book.ts';
import { dayKey } from '../texts/time-texts.ts';

export type VisitTimes = NonNullable<Prompt['visit']>;

/** A visit as the newest message about it says it. */
export interface ShownVisit {
  readonly key: string;
  readonly visit: VisitTimes;
  /** What the patient answered, in the question's words; null: nothing yet. */
  readonly answer: string | null;
  /** When the practice last wrote about it. */
  readonly at: TimestampMs;
}

export interface ShownVisits {
  /** The next one first. */
  readonly coming: readonly ShownVisit[];
  /** The last one first. */
  readonly past: readonly ShownVisit[];
}

/** The visits that messages speak of, each once. An offered time is none until it is booked. */
export function visitsIn(book: PromptBook, nowMs: TimestampMs): ShownVisits {
  const newest = new Map<string, ShownVisit>();
  for (const asked of book.values()) {
    const { message, prompt, answer } = asked;
    if (prompt.visit === null || prompt.kind === 'waitlist') continue;
    const before = newest.get(prompt.about);
    // What was said of another time says nothing of this one.
    const kept = before?.visit.start === prompt.visit.start ? before.answer : null;
    newest.set(prompt.about, {
      key: prompt.about,
      visit: prompt.visit,
      answer: (answer && answerWords(asked, answer)) ?? kept,
      at: message.at,
    });
  }
  const all = [...newest.values()].sort((a, b) => a.visit.start - b.visit.start);
  return {
    coming: all.filter(({ visit }) => visit.end > nowMs),
    past: all.filter(({ visit }) => visit.end <= nowMs).reverse(),
  };
}

export interface ShownAnswer {
  readonly id: MessageId;
  readonly question: string;
  readonly state: 'answered' | 'waiting' | 'none';
  readonly answer: TimelineMessage | null;
  /** In the question's words; null where it was files alone, or nothing. */
  readonly words: string | null;
  readonly at: TimestampMs;
}

export interface AnswerDay {
  readonly day: string;
  readonly at: TimestampMs;
  readonly answers: readonly ShownAnswer[];
}

/** Questions that were no visit's, with their answers, day by day: the newest day first, each day from its morning. */
export function answerDays(book: PromptBook, nowMs: TimestampMs): readonly AnswerDay[] {
  const days = new Map<string, AnswerDay & { answers: ShownAnswer[] }>();
  for (const asked of book.values()) {
    const { message, prompt } = asked;
    if (!asksAnything(prompt) || prompt.visit !== null || prompt.kind === 'waitlist') continue;
    const key = dayKey(message.at);
    const day = days.get(key) ?? { day: key, at: message.at, answers: [] };
    days.set(key, day);
    day.answers.push(shown(asked, nowMs));
  }
  return [...days.values()].reverse();
}

function shown(asked: AskedPrompt, nowMs: TimestampMs): ShownAnswer {
  const { message, answer } = asked;
  const unanswered = isOpen(asked, nowMs) ? 'waiting' : 'none';
  return {
    id: message.id,
    question: message.text,
    state: answer === null ? unanswered : 'answered',
    answer,
    words: answer && answerWords(asked, answer),
    at: answer?.at ?? message.at,
  };
}
