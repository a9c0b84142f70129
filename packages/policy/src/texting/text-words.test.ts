import { describe, expect, it } from 'vitest';
import { CARRIER_WORDS, OPT_OUT_WORDS, PROMPT_CHOICES } from './keywords.ts';
import { measureText } from './segments.ts';
import * as words from './text-words.ts';

const practice = 'Harbor Family Practice';
const phone = '+1 555 010 0000';
const url = 'https://care.example.org/p';

const all = (['en', 'es'] as const).flatMap((language) => {
  const own = { practice, phone, language };
  return [
    words.textForLink(language, practice, url),
    words.textForLink(language, practice, url, 'reminder'),
    words.textForLink(language, practice, url, 'file'),
    words.textForOptOut(own, true),
    words.textForOptOut(own, false),
    words.textForOptIn(own),
    words.textForHelp(own),
    words.textForReceived(own),
    words.textForAfterHours(own, ''),
    words.textForEmergency(own),
    words.textForWhoWrites(own),
  ];
});

describe('automatic texts', () => {
  it('fit one segment of GSM-7, or one and the notice of STOP', () => {
    for (const text of all) {
      expect({ text, encoding: measureText(text).encoding }).toEqual({ text, encoding: 'gsm-7' });
      if (!/MSG & DATA|CARGOS/i.test(text))
        expect({ text, short: text.length <= 160 }).toEqual({ text, short: true });
    }
    for (const language of ['en', 'es'] as const)
      expect(
        words.withStopNotice(words.textForLink(language, practice, url), language).length,
      ).toBeLessThanOrEqual(160);
  });

  it('name the practice and nobody else', () => {
    for (const text of all) expect(text).toContain(practice);
  });

  it('offer no word as an answer that a carrier acts on, but STOP, START and HELP in their own notices', () => {
    const offered = all
      .concat((['en', 'es'] as const).map((language) => words.withStopNotice('x', language)))
      .flatMap((text) => [
        ...text.matchAll(
          /\b(?:reply|text|send|answer|responda|envie|escriba)\s+(?:with\s+|con\s+)?["']?([A-ZÁÉÍÓÚÑ]{1,14})\b/giu,
        ),
      ])
      .map(([, word = '']) => word)
      .filter((word) => word === word.toUpperCase());
    expect(new Set(offered)).toEqual(new Set(['STOP', 'START', 'HELP']));
    for (const choice of PROMPT_CHOICES) expect(CARRIER_WORDS.has(choice)).toBe(false);
    for (const text of all) {
      const loud = text.match(/\b[A-ZÁÉÍÓÚÑ]{2,}\b/gu) ?? [];
      for (const word of loud) if (OPT_OUT_WORDS.has(word)) expect(word).toBe('STOP');
    }
  });

  it('never tell a specialty by the name of the practice', () => {
    const telling = [
      'Harbor Oncology Associates',
      'Lakeside HIV Clinic',
      'Psychiatry of Springfield',
      'Clínica de Salud Mental',
      'Centro de Oncología',
      'Recovery First Methadone',
      'Northside Fertility',
      'Women’s OB/Gyn',
    ];
    for (const name of telling) {
      const text = words.textForLink('en', name, url);
      expect({ name, told: text.includes(name) }).toEqual({ name, told: false });
      expect(words.revealsSpecialty(name)).toBe(true);
    }
    for (const name of ['Harbor Family Practice', 'Springfield Medical Group', 'Dr. Chen & Partners'])
      expect(words.revealsSpecialty(name)).toBe(false);
    expect(words.nameForText('Harbor Oncology', 'es')).toBe('su equipo de salud');
  });

  it('cut a long name between words', () => {
    const name = words.nameForText('The Very Long And Winding Name Of A Practice By The Sea', 'en');
    expect(name).toBe('The Very Long And Winding Name Of A');
  });

  it('say how to end texts the first time and at least monthly', () => {
    const day = 86_400_000;
    expect(words.needsStopNotice(null, 0)).toBe(true);
    expect(words.needsStopNotice(0, 27 * day)).toBe(false);
    expect(words.needsStopNotice(0, 28 * day)).toBe(true);
    for (const language of ['en', 'es'] as const)
      expect(words.hasStopNotice(words.withStopNotice('x', language))).toBe(true);
  });

  it('send a plain message under the name of the practice', () => {
    expect(words.textForPlain('en', practice, '  Your form is ready. ')).toBe(
      'Harbor Family Practice: Your form is ready.',
    );
    const said = words.textForAfterHours(
      { practice, language: 'en' },
      'We open at 8. In an emergency call 911.',
    );
    expect(said.match(/911/g)).toHaveLength(1);
    expect(words.textForAfterHours({ practice, language: 'en' }, 'We open at 8')).toContain(
      'We open at 8. Not monitored',
    );
  });
});
