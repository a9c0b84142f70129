import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { encodeHex } from '@baton/kernel';
import { expect, it } from 'vitest';
import { compileRules } from './compiled-rules.ts';
import { emergencyText } from './emergency-text.ts';
import { readingLevel } from '../reading/reading-level.ts';
import { triageContent } from './triage-content.ts';
import { triageRules } from './triage-rules.ts';

const { rules, sources, languages } = triageRules;

it('is what was signed off: a change needs a new version and hash', () => {
  const { canonical, hash, version, content } = triageContent();
  const now = createHash('sha256').update(canonical).digest('hex');
  expect({ content, version }).toEqual({ content: 'triage', version: triageRules.version });
  // Where this fails on purpose: raise `version` in rules.json and put this hash into hash.json.
  expect(encodeHex(hash)).toBe(now);
});

it('can be read', () => {
  expect(() => compileRules(triageRules)).not.toThrow();
});

it('names for every rule what it stands for and a source that is listed, and lists no source in vain', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  const used = new Set(rules.flatMap((rule) => rule.sources));
  expect([...used].sort()).toEqual(Object.keys(sources).sort());
  for (const rule of rules) {
    expect(rule.id).toMatch(/^[a-z][a-z0-9.-]{1,59}$/);
    expect(rule.about).not.toBe('');
    expect(rule.sources.length).toBeGreaterThan(0);
  }
  for (const { publisher, address } of Object.values(sources)) {
    expect(publisher).not.toBe('');
    expect(address).toMatch(/^https:\/\//);
  }
});

it('has every rule, fact and kind of context in both languages', () => {
  const ids = rules.map(({ id }) => id).sort();
  const [first] = languages;
  for (const { patterns, facts, cues } of languages) {
    expect(Object.keys(patterns).sort()).toEqual(ids);
    expect(Object.keys(facts).sort()).toEqual(Object.keys(first?.facts ?? {}).sort());
    expect(Object.keys(cues).sort()).toEqual(Object.keys(first?.cues ?? {}).sort());
  }
  const facts = new Set(Object.keys(first?.facts ?? {}));
  for (const { with: needs = [] } of rules) for (const fact of needs) expect(facts).toContain(fact);
});

it('covers every category that the practice counts on', () => {
  const categories = new Set(rules.map(({ category }) => category));
  for (const category of [
    'chest-pain',
    'stroke',
    'breathing',
    'suicide',
    'fever-chemotherapy',
    'overdose',
    'bleeding',
    'anaphylaxis',
    'consciousness',
    'abdomen',
    'pregnancy',
    'sepsis',
    'diabetes',
    'head-injury',
    'torsion',
  ]) {
    expect(categories).toContain(category);
  }
});

it('is small enough for a phone on a slow line', () => {
  const bytes = gzipSync(JSON.stringify(languages), { level: 9 }).length;
  expect(bytes).toBeLessThan(48_000);
});

it('tells the patient in plain words what to do, and no diagnosis', () => {
  for (const language of ['en', 'es'] as const) {
    const { title, body } = emergencyText(language);
    expect(readingLevel(`${title} ${body}`, language).grade).toBeLessThanOrEqual(6);
    expect(body).toContain('911');
    expect(body).toContain('988');
  }
});
