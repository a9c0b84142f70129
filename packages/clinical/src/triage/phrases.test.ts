import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findRedFlags } from './find-red-flags.ts';

const FILE = join(import.meta.dirname, '../../content/triage/samples/phrases.txt');
const phrases = readFileSync(FILE, 'utf8')
  .split('\n')
  .filter((line) => /^[+-] /.test(line));

it.each([
  ['emergencies are found', '+', true],
  ['ordinary messages are let alone', '-', false],
] as const)('%s', (_, sign, isEmergency) => {
  const own = phrases.filter((line) => line.startsWith(sign)).map((line) => line.slice(2));
  expect(own.length).toBeGreaterThan(100);
  const wrong = own.filter((text) => {
    return findRedFlags(text, { language: null, chemotherapy: false }).length > 0 !== isEmergency;
  });
  expect(wrong).toEqual([]);
});
