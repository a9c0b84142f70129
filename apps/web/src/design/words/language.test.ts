import { expect, it } from 'vitest';
import { chooseLanguage } from './language.ts';

it('takes the first language it speaks and falls back to English', () => {
  expect(chooseLanguage(['fr-CA', 'es-MX', 'en'])).toBe('es');
  expect(chooseLanguage(['en-US', 'es'])).toBe('en');
  expect(chooseLanguage(['fr', 'de'])).toBe('en');
  expect(chooseLanguage([])).toBe('en');
});
