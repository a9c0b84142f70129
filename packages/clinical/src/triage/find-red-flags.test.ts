import { expect, it, test } from 'vitest';
import { findRedFlags, mentionsChemotherapy } from './find-red-flags.ts';
import { TRIAGE_VERSION } from './triage-rules.ts';

const find = (text: string, chemotherapy = false) =>
  findRedFlags(text, { language: null, chemotherapy }).map(({ rule }) => rule);

it('names rule, version and place', () => {
  const text = 'Hello. I have PAIN in my chest';
  expect(findRedFlags(text, { language: null, chemotherapy: false })).toEqual([
    {
      rule: 'chest.pain',
      version: TRIAGE_VERSION,
      category: 'chest-pain',
      level: 'emergency',
      start: text.indexOf('PAIN'),
      end: text.length,
    },
  ]);
});

it('says nothing of an ordinary message, or of none', () => {
  for (const text of ['Can I get a refill of my blood pressure pills?', '', '   ', '...', '👍', '42']) {
    expect(find(text)).toEqual([]);
  }
});

test.each([
  ['i have chest pain', 'no chest pain'],
  ['I have chest pain', 'I had chest pain three years ago'],
  ['my chest hurts', 'If I get chest pain, whom do I call?'],
  ['I have chest pain', 'Is chest pain a side effect of this?'],
  ['she had a seizure', 'we watched a show about a man who had a seizure'],
  ['I almost passed out', 'I passed out flyers'],
  ['tengo dolor de pecho', 'no tengo dolor de pecho'],
  ['me desmayé', 'de joven me desmayaba'],
])('%j is an emergency, %j is not', (danger, calm) => {
  expect(find(danger)).not.toEqual([]);
  expect(find(calm)).toEqual([]);
});

test.each([
  'I had a stroke two years ago and now my left arm is numb again',
  'no, i have chest pain',
  'not only is he confused, he cant move his arm',
  'no fever but my throat is closing',
  'I have no energy and my chest hurts',
  'is it normal that my chest hurts when i breathe',
  'si tengo dolor de pecho desde anoche',
  'ya no respira',
])('context takes nothing back in %j', (text) => {
  expect(find(text)).not.toEqual([]);
});

it('counts a person in danger whoever it is', () => {
  expect(find('my neighbor is unconscious on the floor')).toContain('consciousness.fainted');
  expect(find('mi vecino está inconsciente')).toContain('consciousness.fainted');
});

it('reads fever as an emergency only with chemotherapy, from the practice or from the message', () => {
  expect(find('my temperature is 38.4')).toEqual([]);
  expect(find('my temperature is 38.4', true)).toEqual(['chemo.fever']);
  expect(find('I am on chemo and my temperature is 38.4')).toEqual(['chemo.fever']);
  expect(find('temperature 36.8 this morning', true)).toEqual([]);
  expect(mentionsChemotherapy('see you at chemo on Friday')).toBe(true);
  expect(mentionsChemotherapy('see you on Friday')).toBe(false);
});

it('runs the rules of both languages over every text', () => {
  expect(findRedFlags('no puedo respirar', { language: 'en', chemotherapy: false })).toHaveLength(1);
  expect(findRedFlags("I can't breathe", { language: 'es', chemotherapy: false })).toHaveLength(1);
  expect(find('tengo chest pain')).toContain('chest.pain');
});

it('takes words that are hurried, heard or without accents', () => {
  for (const text of [
    'CANT BREATHE',
    'i cant breth',
    'chess pain',
    'siezure',
    'me aogo',
    'combulsiones',
    'nesesito ayuda no puedo respirrar',
  ]) {
    expect(find(text)).not.toEqual([]);
  }
});
