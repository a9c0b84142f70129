import { expect, it } from 'vitest';
import { ageOn } from './patient-row.ts';

const DAY = Date.UTC(2026, 10, 22);

it.each([
  ['1980-11-22', 46],
  ['1980-11-23', 45],
  ['1980-12', 45],
  ['1980', 46],
  ['2026-11-22', 0],
  ['2030-01-01', null],
  ['yesterday', null],
  ['', null],
])('counts whole years since %s', (birthDate, age) => {
  expect(ageOn(birthDate, DAY)).toBe(age);
});
