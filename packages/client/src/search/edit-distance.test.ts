import { expect, it } from 'vitest';
import { editsBetween } from './edit-distance.ts';

it.each([
  ['mountain', 'mountain', 0],
  ['montain', 'mountain', 1],
  ['lalen', 'allen', 1],
  ['smiht', 'smith', 1],
  ['kitten', 'sitting', null],
  ['garcia', 'garza', 2],
  ['garcia', 'gonzales', null],
  ['', 'ab', 2],
  ['abc', '', null],
])('counts the edits between %s and %s, up to two', (a, b, edits) => {
  expect(editsBetween(a, b, 2)).toBe(edits);
  expect(editsBetween(b, a, 2)).toBe(edits);
});
