import { expect, test } from 'vitest';
import { tokensOf } from './text-tokens.ts';

const links = (text: string) => tokensOf(text).flatMap((token) => (token.t === 'link' ? [token.href] : []));

test.each([
  ['Call (555) 010-0142 or 555-010-0143.', ['tel:5550100142', 'tel:5550100143']],
  ['See https://harbor.example/bp. Thanks', ['https://harbor.example/bp']],
  ['(https://harbor.example/a?b=1)', ['https://harbor.example/a?b=1']],
  ['+1 555 010 0142', ['tel:+15550100142']],
])('finds what can be tapped in %s', (text, expected) => {
  expect(links(text)).toEqual(expected);
});

test.each([
  'http://harbor.example',
  'ftp://harbor.example/x',
  'data:text/html,x',
  'Take 2 tablets, 500-1000 mg',
  'Your number is 12345555010014299',
  '555-010-01423',
])('makes no link of %s', (text) => {
  expect(links(text)).toEqual([]);
});

test('loses nothing of the text', () => {
  const text = 'Call 555-010-0142\nor see https://a.example, please.';
  expect(
    tokensOf(text)
      .map((token) => token.text)
      .join(''),
  ).toBe(text);
});
