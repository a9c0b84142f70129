import type { TimelineMessage } from '@baton/client';
import { makeId, type MessageId } from '@baton/kernel';
import type { Prompt } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { isWorthSaying, notePrompts, unlistedChoices } from './prompt-notes.ts';

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
  until: 1000,
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

describe('what staff are told of a question and its answers', () => {
  it('is the words of the letter, beside the answer and at the question', () => {
    const notes = notePrompts([ask(1), answer(2, 1, 'X', { text: 'x' })]);
    expect(notes.get(idOf(2))?.chosen).toBe('I cannot come');
    expect(notes.get(idOf(1))?.reply).toBe('I cannot come');
  });

  it('is of the question that was answered, where several are open with the same letters', () => {
    const notes = notePrompts([
      ask(1),
      ask(2, { choices: [{ key: 'C', label: 'Call me' }] }),
      answer(3, 1, 'C'),
    ]);
    expect(notes.get(idOf(3))?.chosen).toBe('I will come');
    expect(notes.get(idOf(2))?.reply).toBeNull();
  });

  it('changes with the newest answer; own words are no choice, and a letter that was not offered is none', () => {
    const changed = notePrompts([ask(1), answer(2, 1, 'C'), answer(3, 1, 'X')]);
    expect(changed.get(idOf(1))?.reply).toBe('I cannot come');
    expect(changed.get(idOf(2))?.chosen).toBe('I will come');
    const own = notePrompts([ask(1), answer(2, 1, null), answer(3, 1, 'Z')]);
    expect([own.get(idOf(1))?.reply, own.get(idOf(2))?.chosen, own.get(idOf(3))?.chosen]).toEqual([
      '',
      null,
      null,
    ]);
  });

  it('leaves out answers that were taken back or did not go, and questions that ask nothing or are not loaded', () => {
    const gone = notePrompts([
      ask(1),
      answer(2, 1, 'C', { withdrawn: { at: 1, by: '', reason: null } }),
      answer(3, 1, 'X', { state: 'failed' }),
      ask(4, { asks: 'none', choices: [] }),
      answer(5, 9, 'C'),
      message(6, {}),
    ]);
    expect([...gone.keys()]).toEqual([idOf(1)]);
    expect(gone.get(idOf(1))?.reply).toBeNull();
  });

  it('is not said where the message says it itself', () => {
    expect(isWorthSaying('I will come', ' i will come ')).toBe(false);
    expect(isWorthSaying('I will come', 'C')).toBe(true);
    expect(isWorthSaying(null, 'C')).toBe(false);
  });
});

it('names choices once, where the words of the question do not', () => {
  expect(unlistedChoices(prompt, 'Please answer.')).toEqual(prompt.choices);
  expect(unlistedChoices(prompt, 'C I will come\nX I cannot come')).toEqual([]);
});
