import { expect, test } from 'vitest';
import { cleanWords, firstWrongWord } from './typed-words.ts';

const words = ['apple', 'river', 'stone'];

test('numbers, commas, capitals and lines do not matter', () => {
  expect(cleanWords(' 1. Apple, 2. River\n3. STONE ')).toBe('apple river stone');
  expect(firstWrongWord(words, 'Apple,river\n stone')).toBeNull();
});

test('names the first word that is wrong, missing or too many', () => {
  expect(firstWrongWord(words, 'apple rivers stone')).toBe(2);
  expect(firstWrongWord(words, 'apple')).toBe(2);
  expect(firstWrongWord(words, '')).toBe(1);
  expect(firstWrongWord(words, 'apple river stone stone')).toBe(4);
});
