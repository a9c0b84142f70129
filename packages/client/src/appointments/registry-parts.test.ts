import { PATIENT_MAP_SHARDS, PATIENT_REF_SYSTEM, patientMapShard } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { START, visitWith } from './fixtures/visits.ts';
import { compareSince } from './compare-since.ts';
import { overduePatients } from './overdue.ts';
import { PatientMapBuilder } from './patient-map.ts';

const DAY = 86_400_000;

describe('the map of identifiers', () => {
  const identifiers = (value: string) => [{ system: 'urn:mrn', value, label: 'MRN' }];
  const rosa = { ref: 'Patient/rosa', birthDate: '1958-03-12', identifiers: identifiers(' 42 ') };
  const ben = { ref: 'Patient/ben', birthDate: null, identifiers: identifiers('43') };
  const build = (...patients: (typeof rosa | typeof ben)[]) => {
    const builder = new PatientMapBuilder();
    for (const patient of patients) builder.add(patient);
    return builder.build();
  };
  const find = (maps: ReturnType<typeof build>, system: string, value: string) =>
    maps[patientMapShard(system, value)]?.systems
      .find((one) => one.system === system)
      ?.patients.find((one) => one.value === value);

  it('names patients by identifier and by reference, in the shard where feeds look', () => {
    const maps = build(rosa, ben);
    expect(maps).toHaveLength(PATIENT_MAP_SHARDS);
    expect(find(maps, 'urn:mrn', '42')).toEqual({ value: '42', ref: 'Patient/rosa', born: '1958-03-12' });
    expect(find(maps, PATIENT_REF_SYSTEM, 'Patient/ben')).toMatchObject({ ref: 'Patient/ben' });
  });

  it('is the same whatever the order, and leaves out what two have', () => {
    expect(build(rosa, ben)).toEqual(build(ben, rosa));
    const maps = build(rosa, { ...ben, identifiers: identifiers('42') });
    expect(find(maps, 'urn:mrn', '42')).toBeUndefined();
    expect(find(maps, PATIENT_REF_SYSTEM, 'Patient/rosa')).toBeDefined();
  });
});

it('a recall reaches who came long ago, has nothing to come and may be written to, longest ago first', () => {
  const visit = (ref: string, daysAgo: number, more = {}) =>
    visitWith({
      id: ref,
      ref,
      status: 'fulfilled',
      start: START - daysAgo * DAY,
      end: START - daysAgo * DAY + 1,
      ...more,
    });
  const visits = [
    visit('long', 500),
    visit('longer', 900),
    visit('lately', 30),
    visit('other', 500, { service: { code: null, text: 'Lab' } }),
    visit('booked', 500),
    visit('left-alone', 500),
    visit('dead', 500),
  ];
  const found = overduePatients({
    recall: { service: { code: null, text: 'follow-up' }, overdueDays: 365 },
    patients: [...visits.map(({ ref }) => ref ?? ''), 'never'].map((ref) => ({
      ref,
      name: ref,
      deceased: ref === 'dead',
    })),
    visitsOf: (ref) => [
      ...visits.filter((one) => one.ref === ref),
      ...(ref === 'booked' ? [visitWith({ id: 'next', ref, start: START + DAY, end: START + 2 * DAY })] : []),
    ],
    isLeftAlone: (ref) => ref === 'left-alone',
    nowMs: START,
  });
  expect(found.map(({ ref }) => ref)).toEqual(['longer', 'long']);
});

it('the comparison counts ended visits of each arm since it began', () => {
  const drawn = (
    id: string,
    arm: 'extra' | 'usual' | null,
    status: 'noshow' | 'fulfilled' | 'booked',
    start = START,
  ) => ({
    visit: visitWith({ id, status, start, end: start + 1 }),
    record: { t: 'sent', appointment: id, steps: [], score: { model: 'm', value: 0.4, arm } } as const,
  });
  const all = [
    drawn('a', 'extra', 'fulfilled'),
    drawn('b', 'extra', 'noshow'),
    drawn('c', 'usual', 'noshow'),
    drawn('d', 'usual', 'booked'),
    drawn('e', 'usual', 'fulfilled', START - 10 * DAY),
    drawn('f', null, 'noshow'),
  ];
  const found = compareSince(START - DAY, {
    all: (() => all.map(({ record }) => record)) as never,
    appointment: (id) => all.find(({ visit }) => visit.id === id)?.visit ?? null,
  });
  expect(found).toMatchObject({ extra: { visits: 2, noShows: 1 }, usual: { visits: 1, noShows: 1 } });
  expect(found.difference?.value).toBeCloseTo(0.5);
  expect(found.sentence.es).toContain('azar');
});
