import { expect, it } from 'vitest';
import { hueOf, initialsOf, shortName } from './names.ts';

it('takes the first and last name, without titles and suffixes', () => {
  expect(initialsOf('Dr. Maria del Carmen López-Herrera')).toBe('MH');
  expect(initialsOf('Sam Okafor, RN')).toBe('SO');
  expect(initialsOf('Cher')).toBe('C');
  expect(initialsOf('  ')).toBe('');
  expect(initialsOf('李 明')).toBe('李明');
});

it('keeps the hue of an id', () => {
  expect(hueOf('a_x', 6)).toBe(hueOf('a_x', 6));
  expect(hueOf('a_x', 6)).toBeLessThan(6);
});

it('calls people by their first name, without titles', () => {
  expect(shortName('Dr. Jin Park')).toBe('Jin');
  expect(shortName('Reminder assistant')).toBe('Reminder');
  expect(shortName('Dr.')).toBe('Dr.');
});
