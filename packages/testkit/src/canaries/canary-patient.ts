import type { PatientRecord } from '@baton/wire';

/** Words of a patient that occur nowhere else, in every way in which systems write them. */
export const PATIENT = {
  family: 'Quillfeatherstone',
  given: 'Zephyrantha',
  phone: '+1 (802) 555-0173',
  phoneDigits: '8025550173',
  birthDate: '1931-07-19',
  birthDateAmerican: '07/19/1931',
  recordNumber: 'MRN-88213377-Q',
  address: '7714 Plimsworth Crossing',
  condition: 'Marburg-Vossler syndrome',
  medication: 'Trandolazepine 15 mg',
  allergy: 'Oxaprithromycin',
  reference: 'Patient/canary-5e1f2a77',
} as const;

export function patientRecord(): PatientRecord {
  return {
    t: 'patient',
    ref: PATIENT.reference,
    family: PATIENT.family,
    given: [PATIENT.given],
    prefix: null,
    birthDate: PATIENT.birthDate,
    deceased: null,
    gender: 'female',
    identifiers: [{ system: 'urn:canary', value: PATIENT.recordNumber, label: 'Medical record number' }],
    telecom: [{ system: 'phone', value: PATIENT.phone, use: 'home' }],
    address: [PATIENT.address],
    language: null,
    practitioners: [],
    conditions: [{ text: PATIENT.condition, active: true, onset: null }],
    medications: [{ text: PATIENT.medication, active: true, authored: null }],
    allergies: [PATIENT.allergy],
    lastEncounter: { at: '2026-01-01', text: PATIENT.condition },
    importedAt: 1,
    source: new Uint8Array(32),
  };
}
