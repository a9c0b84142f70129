import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenizeText } from './text-tokens.ts';

const seed = Date.now() % 2 ** 31;

describe('tokens of a message', () => {
  it('joined, give the text again', () => {
    console.info(`seed ${seed}`);
    const piece = fc.constantFrom(
      '@Ana',
      '@Ana Ruiz',
      ' ',
      'https://a.org/x?y=1',
      '.',
      '555-123-4567',
      'x',
      '\n',
    );
    const mentions = [
      { id: 'a', name: 'Ana' },
      { id: 'b', name: 'Ana Ruiz' },
    ];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((list) => list.join('')),
        ),
        (text) => {
          const joined = tokenizeText(text, mentions)
            .map((token) => token.text)
            .join('');
          expect(joined).toBe(text);
        },
      ),
      { seed },
    );
  });

  it('takes the longest name, leaves the full stop out of an address, and never makes another scheme a link', () => {
    const tokens = tokenizeText('@Ana Ruiz see https://a.org/p. Not javascript:alert(1) nor data:x', [
      { id: 'a', name: 'Ana' },
      { id: 'b', name: 'Ana Ruiz' },
    ]);
    expect(tokens.map((token) => token.type)).toEqual(['mention', 'text', 'link', 'text']);
    expect(tokens[0]).toMatchObject({ id: 'b' });
    expect(tokens[2]).toMatchObject({ href: 'https://a.org/p' });
  });

  it('finds phone numbers but not record numbers', () => {
    const types = (text: string) => tokenizeText(text, []).map((token) => token.type);
    expect(types('call (617) 555-0123 now')).toEqual(['text', 'phone', 'text']);
    expect(types('MRN 12345678901234')).toEqual(['text']);
    expect(types('120-80-1234-5555-555')).not.toContain('phone');
  });
});
