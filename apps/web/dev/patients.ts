import type { PatientRegistry, PatientRow } from '@baton/client';
import type { PatientRecord } from '@baton/wire';
import { dice } from './dice.ts';
import { LiveCell } from './live-cell.ts';
import { OTHERS, PERSONAS } from './people.ts';
import { now, scenario } from './scenario.ts';

const GIVEN =
  'Amara Boris Carmen Dmitri Esther Farid Giulia Hugo Ingrid Jamal Keiko Lourdes Mateo Nadia Omar Paloma Quentin Rosa Stefan Teresa Uma Víctor Wanda Ximena Yusuf Zofia'.split(
    ' ',
  );
const FAMILY =
  'Abara Bianchi Castillo Dubois Eriksen Fitzgerald García-Márquez Hoang Ivanova Jovanović Kowalczyk Lindqvist Mbeki Nakamura O’Connor Papadimitriou Quiroga Rasmussen Sørensen Thistlethwaite-Montgomery Ueda Vasquez Wójcik Xu Young Zimmermann'.split(
    ' ',
  );
const CONDITIONS = [
  'Essential hypertension',
  'Type 2 diabetes mellitus',
  'Chronic obstructive pulmonary disease',
  'Osteoarthritis of knee',
  'Hyperlipidaemia',
  'Asthma',
  'Major depressive disorder, single episode',
  'Chronic kidney disease stage 3',
  'Gastro-oesophageal reflux disease',
];
const MEDICATIONS = [
  'Metformin 500 mg oral tablet',
  'Lisinopril 10 mg oral tablet',
  'Atorvastatin 20 mg oral tablet',
  'Salbutamol 100 micrograms inhaler',
  'Amlodipine 5 mg oral tablet',
  'Omeprazole 20 mg capsule',
  'Sertraline 50 mg oral tablet',
];

function makeRecord(index: number): PatientRecord {
  const given = [dice.pick(GIVEN), ...(dice.chance(0.3) ? [dice.pick(GIVEN)] : [])];
  const year = 1931 + dice.below(90);
  const month = String(1 + dice.below(12)).padStart(2, '0');
  const day = String(1 + dice.below(28)).padStart(2, '0');
  const doctor = dice.pick([PERSONAS.physician, OTHERS[2] ?? PERSONAS.physician]);
  return {
    t: 'patient',
    ref: `Patient/${(100_000 + index).toString(36)}`,
    family: dice.pick(FAMILY),
    given,
    prefix: dice.pick(['Mr.', 'Mrs.', 'Ms.', null]),
    birthDate: dice.chance(0.97) ? `${year}-${month}-${day}` : null,
    deceased: dice.chance(0.03) ? '2025-11-02' : false,
    gender: dice.pick(['male', 'female', 'female', 'other', null]),
    identifiers: [
      { system: 'urn:mrn', value: String(4_000_000 + dice.below(999_999)), label: 'Record number' },
      { system: 'urn:ssn', value: '999-00-1234', label: 'Social security number' },
    ],
    telecom: [{ system: 'phone', value: `617-555-0${100 + dice.below(100)}`, use: 'home' }],
    address: [`${1 + dice.below(300)} Elm Street, Quincy, MA 02169`],
    language: dice.pick(['en-US', 'es', 'vi']),
    practitioners: [{ ref: 'Practitioner/1', name: doctor.name }],
    conditions: Array.from({ length: dice.below(6) }, () => ({
      text: dice.pick(CONDITIONS),
      active: dice.chance(0.7),
      onset: `${2005 + dice.below(20)}-0${1 + dice.below(9)}-11`,
    })),
    medications: Array.from({ length: dice.below(5) }, () => ({
      text: dice.pick(MEDICATIONS),
      active: dice.chance(0.8),
      authored: `2026-0${1 + dice.below(9)}-14`,
    })),
    allergies: dice.chance(0.4) ? ['Penicillin', 'Latex'] : [],
    lastEncounter: { at: `2026-0${1 + dice.below(9)}-12T10:00:00Z`, text: 'General examination' },
    importedAt: now() - 3_600_000,
    source: dice.bytes(32),
  };
}

const available = scenario.as !== 'compliance' && scenario.state !== 'empty';
const records: readonly PatientRecord[] = available
  ? Array.from({ length: 320 }, (_, index) => makeRecord(index))
  : [];

function toRow(record: PatientRecord): PatientRow {
  return {
    ref: record.ref,
    name: `${record.family}, ${record.given.join(' ')}`,
    birthDate: record.birthDate,
    age:
      record.birthDate === null ? null : new Date(now()).getFullYear() - Number(record.birthDate.slice(0, 4)),
    gender: record.gender,
    mrn: record.identifiers[0]?.value ?? null,
    phone: record.telecom[0]?.value ?? null,
    practitioner: record.practitioners[0]?.name ?? null,
    deceased: record.deceased !== false && record.deceased !== null,
  };
}

const rows = records.map(toRow).sort((a, b) => a.name.localeCompare(b.name));

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

export const patients: PatientRegistry = {
  state: new LiveCell({
    ready: true,
    count: rows.length,
    updatedAt: now() - 3_600_000,
    available: scenario.as !== 'compliance',
  }),
  rows: new LiveCell<readonly PatientRow[]>(rows),
  search(query) {
    const words = fold(query).split(/\s+/);
    return rows.filter((row) => {
      const about = fold([row.name, row.birthDate, row.mrn, row.phone].join(' '));
      return words.every((word) => about.includes(word));
    });
  },
  read: (ref) => records.find((record) => record.ref === ref) ?? null,
  put: () => Promise.resolve('unchanged'),
  establish: () => Promise.resolve(),
};
