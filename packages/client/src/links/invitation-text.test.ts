import { describe, expect, it } from 'vitest';
import { invitationText } from './invitation-text.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
/** GSM 03.38, the part that a practice's name and a link can need. */
const GSM = /^[A-Za-z0-9 @£$¥èéùìòÇØøÅå_ÆæßÉÄÖÑÜ§äöñüà!"#¤%&'()*+,\-./:;<=>?¡¿\n]*$/;
const link = `https://example.org/p#i_${'a'.repeat(22)}.${'b'.repeat(22)}.${'c'.repeat(43)}`;
const text = (language: 'en' | 'es', hours: number, elapsedMs = 500) =>
  invitationText({
    language,
    practice: 'Harbor Family Practice',
    link,
    notAfter: NOW + hours * HOUR,
    nowMs: NOW + elapsedMs,
  });

describe('the text that carries a link', () => {
  it.each([
    ['en', 168, 'one week'],
    ['en', 336, 'two weeks'],
    ['en', 72, '3 days'],
    ['en', 24, '24 hours'],
    ['en', 1, 'one hour'],
    ['es', 168, 'una semana'],
    ['es', 336, 'dos semanas'],
    ['es', 72, '72 horas'],
    ['es', 1, 'una hora'],
  ] as const)('says in %s how long %i hours are', (language, hours, words) => {
    expect(text(language, hours)).toContain(`${words}.`);
  });

  it.each(['en', 'es'] as const)(
    'names the practice and the link, in letters that texts have, in %s',
    (language) => {
      const words = text(language, 168);
      expect(words.startsWith('Harbor Family Practice: ')).toBe(true);
      expect(words.split(' ')).toContain(link);
      expect(words).toMatch(GSM);
      expect(words.length).toBeLessThan(2 * 153);
    },
  );

  it('says no name of a practice that tells what it treats', () => {
    const words = invitationText({
      language: 'en',
      practice: 'Bayview Oncology',
      link,
      notAfter: NOW + 168 * HOUR,
      nowMs: NOW,
    });
    expect(words).not.toMatch(/onco/i);
    expect(words).toMatch(/^your care team: /i);
  });

  it('promises no more time than there is', () => {
    expect(text('en', 2, HOUR)).toContain('one hour.');
    expect(text('en', 168, 26 * HOUR)).toContain('5 days.');
  });
});
