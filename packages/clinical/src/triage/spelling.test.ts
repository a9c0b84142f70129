import { expect, it } from 'vitest';
import { WordBook } from './patterns.ts';
import { soundOf, Spelling } from './spelling.ts';

const book = new WordBook();
const key = (word: string, language: 'en' | 'es') => {
  book.idOf(word);
  return { word, language } as const;
};
const spelling = new Spelling({
  book,
  keyWords: [
    key('breathing', 'en'),
    key('seizure', 'en'),
    key('chest', 'en'),
    key('blood', 'en'),
    key('ahogando', 'es'),
    key('vomitando', 'es'),
  ],
  plain: new Set(['breeding']),
  short: new Set(['chest']),
});
const read = (word: string, language: 'en' | 'es' | null = null) => {
  const all = [...book.words()];
  return spelling.resolve(word, language).map((id) => all[id - 1]);
};

it('finds the word that was meant within its slips', () => {
  expect(read('brething')).toEqual(['breathing']);
  expect(read('braethign')).toEqual(['breathing']);
  expect(read('siezure')).toEqual(['seizure']);
  expect(read('ches')).toEqual(['chest']);
  expect(read('bloood')).toEqual(['blood']);
});

it('leaves words of everyday language, other beginnings and short words alone', () => {
  expect(read('breeding')).toEqual([]);
  expect(read('preathing')).toEqual([]);
  expect(read('flood')).toEqual([]);
  expect(read('bloon')).toEqual([]);
});

it('hears Spanish as it is spoken', () => {
  expect(soundOf('haogando')).toBe(soundOf('aogando'));
  expect(read('aogando', 'es')).toEqual(['ahogando']);
  expect(read('bomitando', 'es')).toEqual(['vomitando']);
  expect(read('bomitando', 'en')).toEqual([]);
});
