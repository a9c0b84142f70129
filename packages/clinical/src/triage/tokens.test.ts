import { expect, it } from 'vitest';
import { cutTokens } from './tokens.ts';

const words = (text: string) => cutTokens(text).tokens.map((token) => token.text);

it('brings accents, case, apostrophes and stretched letters to one form', () => {
  expect(words("I CAN'T breathe")).toEqual(['i', 'cant', 'breathe']);
  expect(words('no puedo RESPIRAR, señor; está así')).toEqual([
    'no',
    'puedo',
    'respirar',
    'senor',
    'esta',
    'asi',
  ]);
  expect(words('it hurtsssss sooo')).toEqual(['it', 'hurtss', 'soo']);
  // Composed and decomposed letters, and the apostrophes of phones.
  expect(words('e\u0301l can\u2019t')).toEqual(['el', 'cant']);
});

it('reads numbers with comma and point, and pictures as words', () => {
  const { tokens } = cutTokens('38,5 or 101.3F 🆘');
  expect(tokens.map(({ text, value }) => [text, value])).toEqual([
    ['38.5', 38.5],
    ['or', null],
    ['101.3', 101.3],
    ['f', null],
    ['sos', null],
  ]);
});

it('knows where in the text each token was', () => {
  const text = 'Ay… ¡me duele el PECHO!';
  for (const { text: word, start, end } of cutTokens(text).tokens) {
    expect(text.slice(start, end).toLowerCase()).toBe(word);
  }
});

it('ends sentences at full stops, questions and lines, not at three dots', () => {
  const { sentences } = cutTokens('My chest... it hurts. Is it bad? yes\nno');
  expect(sentences.map(({ from, until, isQuestion }) => [until - from, isQuestion])).toEqual([
    [4, false],
    [3, true],
    [1, false],
    [1, false],
  ]);
});

it('cuts what has no full stops into pieces', () => {
  const { sentences } = cutTokens('word '.repeat(500));
  expect(Math.max(...sentences.map(({ from, until }) => until - from))).toBe(80);
});
