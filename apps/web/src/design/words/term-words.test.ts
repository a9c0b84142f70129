import { expect, it } from 'vitest';
import { termWords } from './term-words.ts';

it('leaves the hierarchy of a term away, and nothing else', () => {
  expect(termWords('Anemia (disorder)')).toBe('Anemia');
  expect(termWords('Body mass index 30+ - obesity (finding)')).toBe('Body mass index 30+ - obesity');
  expect(termWords('Encounter for check up (procedure)')).toBe('Encounter for check up');
  expect(termWords('Aspirin 81 MG (chewable)')).toBe('Aspirin 81 MG (chewable)');
  expect(termWords('(finding) first')).toBe('(finding) first');
});
