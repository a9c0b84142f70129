import type { PatientRecord } from '@baton/wire';

const GIVEN =
  'Aaliyah Abigail Aiden Alejandra Alexander Amara Andrés Angela Anthony Beatriz Benjamin Brian Camila Carlos Carmen Catherine Charles Christopher Daniel David Deborah Diego Dorothy Edward Elena Elizabeth Emily Emmanuel Esperanza Ethan Fatima Francisco Gabriel George Gloria Guadalupe Hannah Hassan Helen Isabella Jacob James Javier Jennifer Jessica Joaquín José Joseph Juan Karen Kevin Kimberly Laura Linda Lourdes Luis Margaret María Mark Mary Matthew Mei Michael Miguel Mohammed Nancy Natalia Nguyen Olivia Pamela Patricia Paul Priya Rafael Rebecca Ricardo Robert Rosa Ruth Samantha Samuel Sandra Santiago Sarah Sofía Stephen Susan Teresa Thomas Timothy Valentina Victoria Walter William Wilma Yolanda Zachary Zoë'.split(
    ' ',
  );
const FAMILY =
  'Adams Aguilar Allen Alvarez Anderson Bailey Baker Bell Bennett Brooks Brown Campbell Carter Castillo Castro Chavez Chen Clark Collins Cooper Cox Cruz Davis Diaz Edwards Evans Fernández Flores Foster Garcia Gomez Gonzales Gray Green Gutierrez Hall Harris Hernandez Hill Howard Hughes Jackson James Jenkins Jiménez Johnson Jones Kelly Kim Kowalczyk Lee Lewis Li Long Lopez Martin Martinez Mendoza Miller Mitchell Moore Morales Morgan Morris Murphy Myers Nelson Nguyen O’Connor Ortiz Parker Patel Perez Peterson Phillips Powell Price Ramirez Ramos Reed Reyes Richardson Rivera Roberts Robinson Rodriguez Rogers Ross Ruiz Russell Sanchez Sanders Scott Smith Stewart Sullivan Taylor Thomas Thompson Torres Turner Walker Ward Watson White Williams Wilson Wood Wright Young'.split(
    ' ',
  );
const CONDITIONS = [
  'Essential hypertension',
  'Type 2 diabetes mellitus',
  'Chronic obstructive pulmonary disease',
  'Osteoarthritis of knee',
  'Asthma',
];

/** The same patient for the same number. */
export function benchPatient(index: number): PatientRecord {
  const pick = <T>(list: readonly T[], salt: number): T => list[mix(index, salt) % list.length] as T;
  const year = 1931 + (mix(index, 3) % 90);
  const month = String(1 + (mix(index, 4) % 12)).padStart(2, '0');
  const day = String(1 + (mix(index, 5) % 28)).padStart(2, '0');
  const given = [pick(GIVEN, 1), ...(index % 3 === 0 ? [pick(GIVEN, 6)] : [])];
  return {
    t: 'patient',
    ref: `Patient/${index}`,
    family: pick(FAMILY, 2),
    given,
    prefix: null,
    birthDate: `${year}-${month}-${day}`,
    deceased: null,
    gender: index % 2 === 0 ? 'female' : 'male',
    identifiers: [
      { system: 'urn:mrn', value: `MRN-${String(1_000_000 + index)}`, label: 'Medical record number' },
      { system: 'urn:other', value: `A${mix(index, 9) % 1_000_000}`, label: 'Account' },
    ],
    telecom: [
      { system: 'phone', value: phoneOf(index), use: 'mobile' },
      { system: 'email', value: `p${index}@example.com`, use: 'home' },
    ],
    address: [`${1 + (mix(index, 7) % 400)} Elm Street`, 'Quincy, MA 02169'],
    language: index % 5 === 0 ? 'es' : 'en-US',
    practitioners: [{ ref: `Practitioner/${index % 12}`, name: `Dr. ${pick(FAMILY, 8)}` }],
    conditions: CONDITIONS.slice(0, index % 5).map((text) => ({ text, active: true, onset: '2015-03-01' })),
    medications: CONDITIONS.slice(0, index % 4).map((text) => ({
      text: `${text}: 10 mg oral tablet`,
      active: true,
      authored: '2026-01-14',
    })),
    allergies: index % 3 === 0 ? ['Penicillin'] : [],
    lastEncounter: { at: '2026-03-12T10:00:00Z', text: 'General examination' },
    importedAt: 1_760_000_000_000,
    source: new Uint8Array(32).fill(index % 251),
  };
}

/** What people type at a front desk: names, beginnings of names, with a slip, a date of birth, a record number, a telephone number. */
export function benchQueries(patients: number, queries: number): readonly string[] {
  const kinds: readonly ((record: PatientRecord, index: number) => string)[] = [
    ({ given, family }) => `${given[0]} ${family}`,
    ({ given, family }) => `${family} ${given[0]}`.toLowerCase(),
    ({ family }) => family.slice(0, 4),
    ({ given, family }) => `${(given[0] ?? '').slice(0, 3)} ${family.slice(0, 3)}`,
    ({ given, family }) => slip(`${given[0]} ${family}`),
    ({ given }) => given[0] ?? '',
    ({ birthDate }) => usDate(birthDate ?? ''),
    ({ family, birthDate }) => `${family} ${usDate(birthDate ?? '')}`,
    ({ identifiers }) => identifiers[0]?.value ?? '',
    ({ identifiers }) => (identifiers[0]?.value ?? '').slice(0, 8),
    (_, index) => phoneOf(index),
    (_, index) => phoneOf(index).replaceAll(/\D/g, '').slice(-7),
    ({ family }) => family.slice(0, 1),
  ];
  return Array.from({ length: queries }, (_, index) => {
    const at = mix(index, 11) % patients;
    const kind = kinds[index % kinds.length] as (typeof kinds)[number];
    return kind(benchPatient(at), at);
  });
}

function phoneOf(index: number): string {
  return `(617) ${200 + (mix(index, 10) % 700)}-${String(index % 10_000).padStart(4, '0')}`;
}

function usDate(birthDate: string): string {
  const [year, month, day] = birthDate.split('-');
  return `${Number(month)}/${Number(day)}/${year}`;
}

/** Two letters in the wrong order. */
function slip(text: string): string {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2);
}

/** Spreads numbers evenly without a state: xorshift over the two. */
function mix(index: number, salt: number): number {
  let value = (index * 2_654_435_761 + salt * 40_503) >>> 0;
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c_1b_3c_6d) >>> 0;
  value ^= value >>> 12;
  return value >>> 0;
}
