import type { TimelineMessage } from '@baton/client';
import { makeId, type MessageId } from '@baton/kernel';
import type { Prompt } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { answersBy, answerWords, briefly, isOpen, promptBook, waitingPrompt } from './prompt-book.ts';

const NOW = 1_000_000;
const idOf = (n: number): MessageId => makeId('message', new Uint8Array(16).fill(n));
const prompt: Prompt = {
  kind: 'reminder',
  about: 'visit-1',
  step: '1d',
  choices: [
    { key: 'C', label: 'I will come' },
    { key: 'X', label: 'I cannot come' },
  ],
  asks: 'choice',
  until: NOW + 1,
  short: null,
  visit: null,
};
const message = (n: number, more: Partial<TimelineMessage>): TimelineMessage =>
  ({
    type: 'message',
    id: idOf(n),
    text: '',
    state: 'opened',
    withdrawn: null,
    prompt: null,
    answers: null,
    ...more,
  }) as TimelineMessage;
const ask = (n: number, change: Partial<Prompt> = {}) => message(n, { prompt: { ...prompt, ...change } });
const answer = (n: number, to: number, choice: string | null, more: Partial<TimelineMessage> = {}) =>
  message(n, { answers: { prompt: idOf(to), choice }, ...more });

describe('questions of a thread', () => {
  it('have their newest answer; one that was taken back or did not go is none', () => {
    const book = promptBook([ask(1), answer(2, 1, 'C'), answer(3, 1, 'X')]);
    expect(book.get(idOf(1))?.answer?.id).toBe(idOf(3));
    const gone = promptBook([
      ask(1),
      answer(2, 1, 'C', { withdrawn: { at: 1, by: '', reason: null } }),
      answer(3, 1, 'X', { state: 'failed' }),
    ]);
    expect(gone.get(idOf(1))?.answer).toBeNull();
    expect(promptBook([answer(2, 1, 'C')]).size).toBe(0);
  });

  it('wait, the newest first, until they are answered or over', () => {
    const book = promptBook([ask(1), ask(2), ask(3, { until: NOW }), ask(4, { asks: 'none', choices: [] })]);
    expect(waitingPrompt(book, NOW)?.message.id).toBe(idOf(2));
    expect(waitingPrompt(promptBook([ask(1), ask(2), answer(3, 2, null)]), NOW)?.message.id).toBe(idOf(1));
    expect(waitingPrompt(book, NOW + 1)).toBeNull();
    expect(isOpen(book.get(idOf(3))!, NOW)).toBe(false);
  });

  it('are answered by a letter alone, by the words of a choice, else in own words', () => {
    const asked = promptBook([ask(1)]).get(idOf(1))!;
    expect(answersBy(asked, ' c ')).toEqual({ prompt: idOf(1), choice: 'C' });
    expect(answersBy(asked, 'i cannot come')).toMatchObject({ choice: 'X' });
    expect(answersBy(asked, 'can I come later?')).toMatchObject({ choice: null });
  });

  it('are answered in their own words, whatever came by text', () => {
    const asked = promptBook([ask(1)]).get(idOf(1))!;
    expect(answerWords(asked, answer(2, 1, 'C', { text: 'c' }))).toBe('I will come');
    expect(answerWords(asked, answer(2, 1, null, { text: ' later ' }))).toBe('later');
    expect(answerWords(asked, answer(2, 1, null))).toBeNull();
    expect(briefly('one two three four', 12)).toBe('one two…');
    expect(briefly('one  two')).toBe('one two');
  });
});
