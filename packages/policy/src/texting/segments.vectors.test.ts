import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';
import { cutText, MAX_TEXT_CHARACTERS, MAX_TEXT_SEGMENTS, measureText, plainMarks } from './segments.ts';

// An independent counter of segments (Twilio's). It never cuts between the code points of one visible character, which carriers do; texts of joined
// emoji and combining marks are left out where they are long.

const theirs = (text: string) => {
  const message = new SegmentedMessage(text, 'auto', false);
  return { encoding: message.encodingName === 'GSM-7' ? 'gsm-7' : 'ucs-2', segments: message.segmentsCount };
};
const ours = (text: string) => {
  const { encoding, segments } = measureText(text);
  return { encoding, segments };
};

describe('segments', () => {
  it('are counted as the independent counter counts them', () => {
    const vectors = [
      'x',
      'a'.repeat(160),
      'a'.repeat(161),
      'a'.repeat(306),
      'a'.repeat(307),
      '€'.repeat(80),
      '€'.repeat(81),
      `${'a'.repeat(152)}€${'a'.repeat(152)}`,
      '¿Cómo está?',
      'ñ'.repeat(160),
      'á'.repeat(70),
      'á'.repeat(71),
      'á'.repeat(134),
      'á'.repeat(135),
      '😀'.repeat(35),
      '😀'.repeat(36),
      `${'á'.repeat(66)}😀${'á'.repeat(66)}`,
      '^{}\\[~]|€',
      'line\nbreak\r\nand ΔΦΓΛΩΠΨΣΘΞ',
      'it’s',
    ];
    for (const text of vectors) expect({ text, ...ours(text) }).toEqual({ text, ...theirs(text) });
  });

  it('agree for any text of letters, escapes, accents and emoji', () => {
    const unit = fc.constantFrom(...'abz 019@£Ñ¿é€^{}[]~|\\Ωáíóú’😀🩺');
    fc.assert(
      fc.property(
        fc.array(unit, { minLength: 1, maxLength: 500 }).map((all) => all.join('')),
        (text) => {
          expect(ours(text)).toEqual(theirs(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('know an empty text and count septets', () => {
    expect(measureText('')).toEqual({ encoding: 'gsm-7', units: 0, segments: 0 });
    expect(measureText('a€')).toEqual({ encoding: 'gsm-7', units: 3, segments: 1 });
  });
});

describe('texts for a carrier', () => {
  it('lose fancy marks that would double them, and nothing else', () => {
    expect(measureText('It’s “ready” – call us…').encoding).toBe('ucs-2');
    expect(plainMarks('It’s “ready” – call us…')).toBe('It\'s "ready" - call us...');
    expect(plainMarks('mañana, sí 😀')).toBe('mañana, sí 😀');
  });

  it('are cut so that each part is taken, in order, with nothing lost', () => {
    const unit = fc.constantFrom('word', 'Señal', 'x'.repeat(300), '€', ' ', ' ', '\n', '😀', 'más');
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 700 }).map((all) => all.join(' ').trim()),
        (text) => {
          const parts = cutText(text);
          for (const part of parts) {
            expect(part.length).toBeLessThanOrEqual(MAX_TEXT_CHARACTERS);
            expect(measureText(part).segments).toBeLessThanOrEqual(MAX_TEXT_SEGMENTS);
            expect(part.isWellFormed()).toBe(true);
          }
          const bare = parts.length === 1 ? parts : parts.map((part) => part.replace(/^\(\d+\/\d+\) /, ''));
          expect(bare.join('').replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''));
        },
      ),
      { numRuns: 100 },
    );
    expect(cutText('short')).toEqual(['short']);
  });
});
