import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appointmentOf, LOCATION, PATIENT } from '../fixtures/fhir-server.ts';
import type { BundleResource } from '../resources.ts';
import { Included, referenceKey } from './included.ts';
import { mapAppointment, type MappingSettings } from './map-appointment.ts';

const NOW = Date.parse('2026-11-24T00:00:00Z');
const SETTINGS: MappingSettings = {
  origin: 'ehr.example.org',
  system: 'https://ehr.example.org/fhir',
  timeZone: 'America/New_York',
  locations: {},
  minutes: 30,
  sameIds: false,
};
const bundleOf = (...resources: readonly object[]): BundleResource =>
  ({ resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) }) as BundleResource;
const map = (resource: unknown, settings: Partial<MappingSettings> = {}) => {
  const included = new Included();
  included.add(bundleOf(PATIENT, LOCATION));
  return mapAppointment(resource, { settings: { ...SETTINGS, ...settings }, included, nowMs: NOW });
};

describe('an appointment', () => {
  it('is a visit with the names that came with it', () => {
    const meta = { lastUpdated: '2026-11-20T10:00:01Z', versionId: '3' };
    expect(map(appointmentOf('a1', { meta }))).toEqual({
      ok: true,
      value: {
        visit: {
          t: 'appointment',
          id: 'fhir/ehr.example.org/a1',
          status: 'booked',
          timeZone: 'America/New_York',
          service: { code: null, text: 'Oncology follow-up' },
          practitioner: { code: 'PractitionerRole/role1', text: 'Dr. Luz Rivera' },
          location: 'Oncology, second floor',
          reason: 'Cycle 3 visit',
          source: {
            kind: 'fhir',
            system: 'https://ehr.example.org/fhir',
            version: Date.parse('2026-11-20T10:00:01Z'),
            message: '3',
          },
        },
        when: { start: Date.parse('2030-11-24T15:30:00Z'), end: Date.parse('2030-11-24T16:00:00Z') },
        patient: {
          identifiers: [{ system: 'urn:mrn', value: '00042' }],
          born: '1958-03-14',
          isDeceased: false,
        },
      },
    });
  });

  it('means the registry’s own id only where it is said to', () => {
    const mapped = map(appointmentOf('a1'), { sameIds: true });
    expect(mapped.ok && mapped.value.patient.identifiers).toEqual([
      { system: 'urn:baton:ref', value: 'Patient/p1' },
      { system: 'urn:mrn', value: '00042' },
    ]);
  });

  it.each([
    'proposed',
    'pending',
    'booked',
    'arrived',
    'fulfilled',
    'cancelled',
    'noshow',
    'entered-in-error',
    'checked-in',
    'waitlist',
  ])('may be %s', (status) => {
    const mapped = map(appointmentOf('a1', { status }));
    expect(mapped.ok && mapped.value.visit.status).toBe(status);
  });

  it('needs a time unless it is over', () => {
    const { start: _start, end: _end, ...timeless } = appointmentOf('a1');
    expect(map(timeless)).toEqual({ ok: false, error: { code: 'missing-field', at: 'start' } });
    expect(map({ ...timeless, status: 'cancelled' })).toMatchObject({ ok: true, value: { when: null } });
    const { end: _later, ...endless } = appointmentOf('a1');
    const mapped = map({ ...endless, minutesDuration: 45 });
    expect(mapped.ok && mapped.value.when?.end).toBe(Date.parse('2030-11-24T16:15:00Z'));
  });

  it('is refused by the path of what does not fit, without its content', () => {
    expect(map(appointmentOf('a1', { status: 'bogus' }))).toEqual({
      ok: false,
      error: { code: 'unreadable', at: 'status' },
    });
    expect(map(appointmentOf('a1', { start: 'tomorrow' }))).toMatchObject({
      ok: false,
      error: { at: 'start' },
    });
    expect(map(null)).toMatchObject({ ok: false });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom(...Object.keys(appointmentOf('a')), 'actor', 'reference') }),
        (changes) => {
          expect(typeof map({ ...appointmentOf('a1'), ...changes }).ok).toBe('boolean');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

it('knows a reference in all its forms', () => {
  for (const reference of ['Patient/p1', 'https://ehr.example.org/fhir/Patient/p1', 'Patient/p1/_history/4'])
    expect(referenceKey(reference)).toBe('Patient/p1');
  expect(referenceKey('urn:uuid:1')).toBe('urn:uuid:1');
  expect(referenceKey('#contained')).toBeNull();
});
