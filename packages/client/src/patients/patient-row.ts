import type { TimestampMs } from '@baton/kernel';
import type { PatientRecord } from '@baton/wire';
import type { PatientRow } from '../api/patients.ts';

/** What lists and search show of a record. */
export function toPatientRow(record: PatientRecord, nowMs: TimestampMs): PatientRow {
  const given = record.given.join(' ');
  return {
    ref: record.ref,
    name: [given, record.family].filter((part) => part !== '').join(' ') || record.ref,
    birthDate: record.birthDate,
    age: record.birthDate === null || isDeceased(record) ? null : ageOn(record.birthDate, nowMs),
    gender: record.gender,
    mrn: recordNumberOf(record),
    phone: record.telecom.find(({ system }) => system === 'phone' || system === 'sms')?.value ?? null,
    practitioner: record.practitioners[0]?.name ?? null,
    deceased: isDeceased(record),
  };
}

/** Whole years between an ISO 8601 date (of any precision) and now, in UTC; null where it is no date. */
export function ageOn(birthDate: string, nowMs: TimestampMs): number | null {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(birthDate);
  if (!match) return null;
  const now = new Date(nowMs);
  const month = Number(match[2] ?? 1);
  const day = Number(match[3] ?? 1);
  const passed =
    now.getUTCMonth() + 1 > month || (now.getUTCMonth() + 1 === month && now.getUTCDate() >= day);
  const age = now.getUTCFullYear() - Number(match[1]) - (passed ? 0 : 1);
  return age >= 0 ? age : null;
}

function isDeceased(record: PatientRecord): boolean {
  return record.deceased !== null && record.deceased !== false;
}

function recordNumberOf(record: PatientRecord): string | null {
  const isNumber = (label: string): boolean => /medical record|\bMR\b/i.test(label);
  const found = record.identifiers.find(({ label }) => isNumber(label));
  return found?.value ?? null;
}
