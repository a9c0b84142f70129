import type { Appointment, PatientRecord } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { decideVisit } from './decide-visit.ts';
import { PatientMatcher } from './match-patients.ts';
import { type PlannedVisit, planVisits } from './plan-visits.ts';

const NOW = Date.parse('2026-11-24T00:00:00Z');
const SETTINGS = { timeZone: 'America/New_York', locations: {}, minutes: 30 };
const BASE = 'https://ehr.example.org/fhir';

const appointment = (id: string, more: object = {}): object => ({
  resourceType: 'Appointment',
  id,
  status: 'booked',
  serviceType: [{ text: 'Oncology follow-up' }],
  start: '2030-11-24T15:30:00Z',
  end: '2030-11-24T16:00:00Z',
  participant: [{ actor: { reference: 'Patient/p1' }, status: 'accepted' }],
  ...more,
});
const patient = (more: object = {}): object => ({
  resourceType: 'Patient',
  id: 'p1',
  identifier: [{ system: 'urn:mrn', value: '00042' }],
  birthDate: '1958-03-14',
  ...more,
});
const fileOf = (...resources: readonly object[]) => ({
  name: 'file.json',
  text: JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    entry: resources.map((resource) => ({
      fullUrl: `${BASE}/${(resource as { resourceType: string }).resourceType}/${(resource as { id: string }).id}`,
      resource,
    })),
  }),
});
const planOf = (...resources: readonly object[]) => planVisits([fileOf(...resources)], SETTINGS, NOW);
const record = (ref: string, more: Partial<PatientRecord> = {}): PatientRecord =>
  ({
    ref,
    birthDate: '1958-03-14',
    identifiers: [{ system: 'urn:mrn', value: '00042', label: '' }],
    ...more,
  }) as PatientRecord;

describe('a plan', () => {
  it('has the same visits as a feed of that server would', () => {
    const plan = planOf(appointment('a1'), patient(), { resourceType: 'Observation', id: 'o1' });
    expect(plan).toMatchObject({ problems: [], ignored: 1 });
    expect(plan.visits).toMatchObject([
      {
        patient: 'Patient/p1',
        mapped: { visit: { id: 'fhir/ehr.example.org/a1', source: { kind: 'fhir', system: BASE } } },
      },
    ]);
  });

  it('takes the newest of several versions, once', () => {
    const old = appointment('a1', { status: 'booked', meta: { lastUpdated: '2026-11-01T00:00:00Z' } });
    const newer = appointment('a1', { status: 'cancelled', meta: { lastUpdated: '2026-11-02T00:00:00Z' } });
    for (const order of [
      [old, newer],
      [newer, old],
    ])
      expect(planOf(...order).visits.map(({ mapped }) => mapped.visit.status)).toEqual(['cancelled']);
  });

  it('says where something does not fit, without what it says', () => {
    const plan = planOf(appointment('a1'), appointment('a2', { status: 'Okafor' }));
    expect(plan.problems).toEqual([
      {
        file: 'file.json',
        where: 'entry.1.status',
        sentence: 'This appointment does not fit FHIR R4, or has no time.',
      },
    ]);
    for (const text of ['', '[]', '{"resourceType":"Patient"}'])
      expect(planVisits([{ name: 'x', text }], SETTINGS, NOW).problems).toHaveLength(1);
  });
});

describe('whose a visit is', () => {
  const planned = (...resources: readonly object[]): PlannedVisit =>
    planOf(appointment('a1'), ...resources).visits[0] as PlannedVisit;

  it('is known by an identifier and no other birth date', () => {
    const matcher = new PatientMatcher([record('Patient/ada')], false);
    expect(matcher.find(planned(patient()))).toBe('Patient/ada');
    expect(matcher.find(planned(patient({ birthDate: '1990-01-01' })))).toBeNull();
    expect(matcher.find(planned())).toBeNull();
  });

  it('is nobody’s where two have the identifier', () => {
    expect(
      new PatientMatcher([record('Patient/ada'), record('Patient/bea')], false).find(planned(patient())),
    ).toBeNull();
  });

  it('is known by the id only where that is the same, or the birth date agrees', () => {
    const own = record('Patient/p1', { identifiers: [] });
    expect(new PatientMatcher([own], false).find(planned())).toBeNull();
    expect(new PatientMatcher([own], true).find(planned())).toBe('Patient/p1');
    expect(new PatientMatcher([own], false).find(planned(patient()))).toBe('Patient/p1');
    expect(new PatientMatcher([own, record('Patient/ada')], true).find(planned(patient()))).toBeNull();
  });
});

describe('an import', () => {
  const input = (more: object = {}) => {
    const mapped = (planOf(appointment('a1', more)).visits[0] as PlannedVisit).mapped;
    return { mapped, ref: 'Patient/ada', minutes: 30 };
  };

  it('changes nothing the second time', () => {
    const first = decideVisit(null, input(), NOW);
    expect(first.what).toBe('new');
    expect(decideVisit(first.next, input(), NOW + 1000)).toEqual({ what: 'same', next: null });
    expect(
      decideVisit(
        first.next,
        input({ status: 'cancelled', meta: { lastUpdated: '2026-11-01T00:00:00Z' } }),
        NOW,
      ).what,
    ).toBe('older');
  });

  it('keeps what the patient answered', () => {
    const first = decideVisit(null, input({ meta: { lastUpdated: '2026-11-01T00:00:00Z' } }), NOW)
      .next as Appointment;
    const answered: Appointment = { ...first, answer: { state: 'confirmed', at: NOW, by: 'patient' } };
    const changed = decideVisit(
      answered,
      input({ description: 'Cycle 3', meta: { lastUpdated: '2026-11-02T00:00:00Z' } }),
      NOW,
    );
    expect(changed).toMatchObject({
      what: 'changed',
      next: { reason: 'Cycle 3', answer: { state: 'confirmed' } },
    });
  });
});
