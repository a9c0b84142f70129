import { expect, it } from 'vitest';
import { matchAt, PatternReader, placeAt, type Reading, WordBook } from './patterns.ts';
import { cutTokens } from './tokens.ts';

const GROUPS = { chest: ['chest', 'breast bone'], wall: ['but'] };

function match(source: string, text: string, start = 0): number {
  const book = new WordBook();
  const pattern = new PatternReader(book, GROUPS).read(source);
  const cut = cutTokens(text);
  const reading: Reading = {
    ...cut,
    ids: cut.tokens.map((token) => {
      const id = book.find(token.text);
      return id === undefined ? [] : [id];
    }),
    walls: cut.tokens.map((token) => GROUPS.wall.includes(token.text)),
  };
  return matchAt(pattern, reading, placeAt(reading, start, cut.tokens.length));
}

it('matches words, choices, groups and words of several parts', () => {
  expect(match('pain|ache in @chest', 'ache in breast bone')).toBe(4);
  expect(match('passed+out|fainted', 'passed out')).toBe(2);
  expect(match('pain in @chest', 'pain in arm')).toBe(-1);
});

it('bridges a gap no wider than it says, and no wall', () => {
  expect(match('pain _2 @chest', 'pain in my chest')).toBe(4);
  expect(match('pain _1 @chest', 'pain in my chest')).toBe(-1);
  expect(match('pain _3 @chest', 'pain but my chest')).toBe(-1);
});

it('leaves out what may be missing, and reads ranges', () => {
  expect(match('my ?left arm', 'my arm')).toBe(2);
  expect(match('my ?left arm', 'my left arm')).toBe(3);
  expect(match('temp _1 #38-42|high', 'temp is 38.4')).toBe(3);
  expect(match('temp _1 #38-42|high', 'temp is 37.9')).toBe(-1);
});

it('ends with the shortest match', () => {
  expect(match('a _5 b', 'a b b b')).toBe(2);
});

it('refuses what it cannot read', () => {
  expect(() => match('@nowhere', 'x')).toThrow(RangeError);
  expect(() => match('#5-3', 'x')).toThrow(RangeError);
});
