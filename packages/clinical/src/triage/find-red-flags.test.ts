import { expect, it } from 'vitest';
import { emergencyText } from './emergency-text.ts';
import { findRedFlags } from './find-red-flags.ts';
import { TRIAGE_VERSION } from './triage-rules.ts';

const find = (text: string) => findRedFlags(text, { language: null, chemotherapy: false });

it('names rule, version and place', () => {
  const text = 'Hello. I have PAIN in my chest';
  expect(find(text)).toEqual([
    {
      rule: 'chest.pain',
      version: TRIAGE_VERSION,
      category: 'chest-pain',
      level: 'emergency',
      start: text.indexOf('PAIN'),
      end: text.length,
    },
  ]);
});

it('says nothing of an ordinary message', () => {
  expect(find('Can I get a refill of my blood pressure pills?')).toEqual([]);
  expect(find('')).toEqual([]);
});

it('has a notice in each language', () => {
  expect(emergencyText('en').body).toContain('911');
  expect(emergencyText('es').body).toContain('911');
});
