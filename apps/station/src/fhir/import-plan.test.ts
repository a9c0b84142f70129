import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { patientRecordCodec } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { planImport } from './import-plan.ts';

const folder = fileURLToPath(new URL('../../demo/fhir-r4/', import.meta.url));
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, text: readFileSync(folder + name, 'utf8') }));

describe('planImport', () => {
  it('takes every patient and practitioner of the demo bundles', () => {
    const plan = planImport(files, 1);
    expect(plan.problems).toEqual([]);
    expect(plan.patients).toHaveLength(20);
    expect(plan.practitioners).toHaveLength(23);
    const patria = plan.patients.find((patient) => patient.given.includes('Patria'));
    expect(patria).toMatchObject({ family: 'Schimmel', birthDate: '1974-05-21', gender: 'female' });
    expect(patria?.allergies.length).toBe(5);
    expect(patria?.medications.some((medication) => medication.text.startsWith('diphenhydrAMINE'))).toBe(
      true,
    );
    expect(patria?.identifiers.map(({ label }) => label)).toEqual(['Medical Record Number']);
    for (const patient of plan.patients)
      expect(patientRecordCodec.decode(patientRecordCodec.encode(patient)).ok).toBe(true);
  });

  it('leaves out social security numbers and says so', () => {
    const plan = planImport(files, 1);
    expect(JSON.stringify(plan.patients)).not.toMatch(/999-\d\d-\d{4}/);
    expect(plan.skipped.find((entry) => entry.what === 'identifiers')?.count).toBeGreaterThan(20);
  });

  it('gives an unchanged patient the same source hash whenever it is read', () => {
    const [a, b] = [planImport(files, 1), planImport([...files].reverse(), 2)];
    const hashes = (plan: typeof a) =>
      plan.patients.map((patient) => `${patient.ref} ${Buffer.from(patient.source).toString('hex')}`).sort();
    expect(hashes(a)).toEqual(hashes(b));
  });

  it.each([
    ['not JSON', '{'],
    ['not a bundle', '{"resourceType":"Patient"}'],
    [
      'a wrong gender',
      '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"A"}],"gender":"bogus"}}]}',
    ],
    [
      'a wrong date',
      '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"A"}],"birthDate":"1.2.1960"}}]}',
    ],
    [
      'a resource without a subject',
      '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Condition"}}]}',
    ],
  ])('refuses the whole file for %s, without repeating its content', (_, text) => {
    const plan = planImport([{ name: 'bad.json', text }], 1);
    expect(plan.patients).toEqual([]);
    expect(plan.problems).toHaveLength(1);
    expect(JSON.stringify(plan.problems)).not.toMatch(/bogus|1960/);
  });
});
