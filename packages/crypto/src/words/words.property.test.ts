import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRng } from '../primitives/fixtures/runtimes.ts';
import { generatePassphrase, PASSPHRASE_WORDS, parsePassphrase } from './passphrase.ts';
import { generateRecoveryWords, parseRecoveryWords, RECOVERY_WORDS } from './recovery-words.ts';
import { parseWords, WORDS } from './word-list.ts';

const revealed = (result: ReturnType<typeof parsePassphrase>) =>
  result.ok ? result.value.reveal() : result.error;

describe('passphrases', () => {
  it('are eight words of the list, never twice the same', () => {
    const made = Array.from({ length: 300 }, () => generatePassphrase(systemRng).reveal());
    for (const passphrase of made) {
      expect(passphrase.split(' ')).toHaveLength(PASSPHRASE_WORDS);
      expect(revealed(parsePassphrase(passphrase))).toBe(passphrase);
    }
    expect(new Set(made).size).toBe(made.length);
    // 2,400 draws out of 2,048 words: about 1,400 different ones when every word is as likely.
    expect(new Set(made.join(' ').split(' ')).size).toBeGreaterThan(1300);
  });

  it('read the same however they are typed', () => {
    const words = generatePassphrase(systemRng).reveal();
    const list = words.split(' ');
    const typed = [
      `  ${words.toUpperCase()}\n`,
      list.join('-'),
      list.join(',\t'),
      list.map((word, index) => `${index + 1}. ${word}`).join('\n'),
      list.map((word) => word.slice(0, 4)).join(' '),
    ];
    for (const text of typed) expect(revealed(parsePassphrase(text))).toBe(words);
  });

  it('name the word that is not known, and what was probably meant', () => {
    const error = (text: string) => {
      const result = parseWords(text, 1);
      return result.ok ? null : result.error;
    };
    expect(error('abandn')).toEqual({
      code: 'words.unknown',
      at: 1,
      word: 'abandn',
      suggestion: 'abandon',
    });
    expect(error('zbandon')).toMatchObject({ suggestion: 'abandon' });
    expect(error('bandon')).toMatchObject({ suggestion: 'abandon' });
    expect(error('baandon')).toMatchObject({ suggestion: 'abandon' });
    expect(error('qqqqqqqq')).toMatchObject({ word: 'qqqqqqqq', suggestion: null });
    expect(error('abandon zoo')).toEqual({ code: 'words.count', expected: 1, found: 2 });
    expect(error('')).toEqual({ code: 'words.count', expected: 1, found: 0 });
  });
});

describe('recovery words', () => {
  it('are twelve words with a checksum', () => {
    for (let run = 0; run < 50; run++) {
      const words = generateRecoveryWords(systemRng).reveal();
      expect(words.split(' ')).toHaveLength(RECOVERY_WORDS);
      expect(revealed(parseRecoveryWords(` ${words.toUpperCase()} `))).toBe(words);
    }
  });

  it('notice most swapped words', () => {
    let noticed = 0;
    for (let run = 0; run < 200; run++) {
      const words = generateRecoveryWords(systemRng).reveal().split(' ');
      const wrong = [WORDS[(WORDS.indexOf(words[0] as string) + 1 + run) % 2048], ...words.slice(1)].join(
        ' ',
      );
      const result = parseRecoveryWords(wrong);
      if (!result.ok) {
        expect(result.error).toEqual({ code: 'words.checksum' });
        noticed += 1;
      }
    }
    // 15 of 16.
    expect(noticed).toBeGreaterThan(165);
  });
});

it('reading words is total', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(...WORDS)).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      for (const parse of [parsePassphrase, parseRecoveryWords]) {
        const result = parse(text);
        expect(result.ok || result.error.code.startsWith('words.')).toBe(true);
      }
    }),
  );
});
