import { expect, it } from 'vitest';
import { PATIENT_GRADE, readingLevel } from './reading-level.ts';

it('gives simple texts a low grade and hard ones a high one, in both languages', () => {
  expect(readingLevel('Take one pill each day. Call us if you feel sick.', 'en').grade).toBeLessThan(3);
  expect(
    readingLevel(
      'Discontinue administration of the aforementioned anticoagulant medication immediately upon experiencing gastrointestinal hemorrhage.',
      'en',
    ).grade,
  ).toBeGreaterThan(15);
  expect(readingLevel('Tome una pastilla cada día. Llame si se siente mal.', 'es').grade).toBeLessThanOrEqual(
    PATIENT_GRADE,
  );
  expect(
    readingLevel(
      'Interrumpa inmediatamente la administración del medicamento anticoagulante anteriormente mencionado al experimentar manifestaciones hemorrágicas gastrointestinales.',
      'es',
    ).grade,
  ).toBeGreaterThan(12);
});

it('follows the published formulas', () => {
  // 9 words, 1 sentence, 9 syllables.
  const english = readingLevel('You can call us or come in at ten.', 'en');
  expect(english).toMatchObject({ words: 9, sentences: 1, syllables: 9 });
  expect(english.score).toBeCloseTo(0.39 * 9 + 11.8 - 15.59, 1);
  // 4 words, 8 syllables: 206.84 - 60 * 2 - 1.02 * 4 = 82.8, between 5th and 4th grade.
  const spanish = readingLevel('Llame hoy antes cena. ', 'es');
  expect(spanish.words).toBe(4);
  expect(spanish.score).toBeCloseTo(206.84 - (60 * spanish.syllables) / 4 - 1.02 * 4, 1);
});

it('has no opinion on nothing, and reads lines as sentences and places as names', () => {
  expect(readingLevel('', 'en')).toMatchObject({ grade: 0, words: 0, sentences: 0 });
  expect(readingLevel('123 !!', 'es').words).toBe(0);
  expect(readingLevel('Bring your pills\nBring your card', 'en').sentences).toBe(2);
  expect(readingLevel('Hello {patient}, call {phone}.', 'en').words).toBe(4);
});
