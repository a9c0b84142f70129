import { type PatientRecord, patientRecordCodec } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatientShelf } from './patient-shelf.ts';

const clock = { nowMs: () => Date.UTC(2026, 10, 22) };

function patient(ref: string, more: Partial<PatientRecord> = {}): PatientRecord {
  return {
    t: 'patient',
    ref,
    family: 'Hill',
    given: ['Rosa'],
    prefix: null,
    birthDate: '1948-03-12',
    deceased: null,
    gender: 'female',
    identifiers: [],
    telecom: [],
    address: [],
    language: null,
    practitioners: [],
    conditions: [],
    medications: [],
    allergies: [],
    lastEncounter: null,
    importedAt: 1,
    source: new Uint8Array(32),
    ...more,
  };
}

function shelfOf(...records: readonly PatientRecord[]): PatientShelf {
  const shelf = new PatientShelf(clock);
  for (const record of records) put(shelf, record);
  return shelf;
}

function put(shelf: PatientShelf, record: PatientRecord): void {
  shelf.put(record, { value: patientRecordCodec.encode(record), at: 1 });
}

const found = (shelf: PatientShelf, query: string): string[] => shelf.search(query).map(({ ref }) => ref);

const SHELF = shelfOf(
  patient('rosa', { given: ['Rosa', 'María'], family: 'Martínez', birthDate: '1958-06-02' }),
  patient('maria', { given: ['Maria'], family: 'Martin', birthDate: '1990-12-31' }),
  patient('connor', { given: ['Sean'], family: 'O’Connor', birthDate: '2011-06' }),
  patient('hyphen', {
    given: ['Ana'],
    family: 'García-López',
    birthDate: null,
    identifiers: [{ system: 'urn:mrn', value: 'MRN-0012345', label: 'Medical record number' }],
    telecom: [
      { system: 'phone', value: '+1 (617) 555-0199', use: 'mobile' },
      { system: 'email', value: 'ana@example.com', use: null },
    ],
  }),
);

describe('search', () => {
  it.each([
    // Names: any order, beginnings, marks, apostrophes, hyphens.
    ['rosa martinez', ['rosa']],
    ['Martínez Rosa', ['rosa']],
    ['mart', ['maria', 'rosa']],
    ['mar mart', ['maria', 'rosa']],
    ['OCONNOR', ['connor']],
    ["o'connor sean", ['connor']],
    ['lopez', ['hyphen']],
    ['garcia-lopez', ['hyphen']],
    // Slips.
    ['matrinez', ['rosa']],
    ['martn', ['maria']],
    ['garcai', ['hyphen']],
    ['sean martin', []],
    // Figures.
    ['MRN-0012345', ['hyphen']],
    ['mrn0012345', ['hyphen']],
    ['0012345', ['hyphen']],
    ['00123', ['hyphen']],
    ['(617) 555-0199', ['hyphen']],
    ['617.555.0199', ['hyphen']],
    ['+1 617 555 0199', ['hyphen']],
    ['555-0199', ['hyphen']],
    ['5550199 ana', ['hyphen']],
    ['5550199 rosa', []],
    // Dates, as people type them.
    ['6/2/1958', ['rosa']],
    ['06/02/1958', ['rosa']],
    ['1958-06-02', ['rosa']],
    ['2.6.1958', ['rosa']],
    ['06021958', ['rosa']],
    ['martinez 6/2/1958', ['rosa']],
    ['martin 6/2/1958', ['rosa']],
    ['1958', ['rosa']],
    ['2/6/1958', []],
    ['ana@example.com', []],
    ['   ', []],
    ['?!', []],
  ])('finds by %s', (query, refs) => {
    expect(found(SHELF, query)).toEqual(refs);
  });

  it('puts what fits exactly before what only begins so, and lists equals as sorted', () => {
    const shelf = shelfOf(
      patient('c', { family: 'Martinson', given: ['Al'] }),
      patient('b', { family: 'Martin', given: ['Zoe'] }),
      patient('a', { family: 'Martin', given: ['Bob'] }),
    );
    expect(found(shelf, 'martin')).toEqual(['a', 'b', 'c']);
  });

  it('answers a hundred at most', () => {
    const many = Array.from({ length: 150 }, (_, index) => patient(`p${index}`));
    expect(shelfOf(...many).search('hill')).toHaveLength(100);
  });
});

describe('the shelf', () => {
  it('forgets what a patient was called before', () => {
    const shelf = shelfOf(patient('a', { family: 'Berg' }), patient('b', { family: 'Adler' }));
    put(shelf, patient('a', { family: 'Zander' }));
    expect(found(shelf, 'berg')).toEqual([]);
    expect(shelf.rows().map(({ ref }) => ref)).toEqual(['b', 'a']);
    shelf.remove('b');
    expect(shelf.rows().map(({ ref }) => ref)).toEqual(['a']);
    expect([shelf.size, shelf.read('b'), found(shelf, 'adler')]).toEqual([1, null, []]);
    expect(shelf.read('a')?.family).toBe('Zander');
  });

  it('is the same however it came about', () => {
    const family = fc.constantFrom('Alba', 'Berg', 'Çelik', 'O’Neil', 'berg', 'Zander');
    const change = fc.record({
      ref: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      family,
      gone: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(change, fc.boolean()), { maxLength: 60 }), (changes) => {
        const shelf = new PatientShelf(clock);
        const now = new Map<string, PatientRecord>();
        for (const [{ ref, family: name, gone }, looks] of changes) {
          if (gone) {
            shelf.remove(ref);
            now.delete(ref);
          } else {
            const record = patient(ref, { family: name });
            put(shelf, record);
            now.set(ref, record);
          }
          // Looking in between sorts what there is: later changes are put in one by one.
          if (looks) shelf.rows();
        }
        const fresh = shelfOf(...now.values());
        expect(shelf.rows()).toEqual(fresh.rows());
        for (const query of ['berg', 'alba', 'oneil', 'z', 'rosa', 'celik'])
          expect(found(shelf, query)).toEqual(found(fresh, query));
      }),
    );
  });
});
