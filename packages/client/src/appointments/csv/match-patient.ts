import type { PatientRow } from '../../api/patients.ts';
import { plainWord } from '../../patients/patient-words.ts';
import type { KnownPatients } from '../appointment-ports.ts';

export type PatientMatch =
  | { readonly ok: true; readonly ref: string; readonly name: string }
  | { readonly ok: false; readonly why: 'unknown' | 'several' | 'other-birth-date' | 'missing' };

interface Wanted {
  readonly mrn: string;
  readonly name: string;
  /** ISO 8601; empty where the file says none. */
  readonly birthDate: string;
}

/** Finds a file's patients in the registry: by record number, else by name and birth date together. Nobody is guessed. */
export class PatientMatcher {
  readonly #patients: KnownPatients;
  readonly #rows = new Map<string, PatientRow>();
  readonly #byNumber = new Map<string, Set<string>>();
  readonly #byBirth = new Map<string, PatientRow[]>();
  #opened = false;

  constructor(patients: KnownPatients) {
    this.#patients = patients;
    for (const row of patients.rows()) {
      this.#rows.set(row.ref, row);
      this.#know(row.ref, row.ref);
      this.#know(row.ref.slice(row.ref.indexOf('/') + 1), row.ref);
      if (row.mrn !== null) this.#know(row.mrn, row.ref);
      if (row.birthDate === null) continue;
      this.#byBirth.set(row.birthDate, [...(this.#byBirth.get(row.birthDate) ?? []), row]);
    }
  }

  find({ mrn, name, birthDate }: Wanted): PatientMatch {
    if (mrn !== '') return this.#byRecordNumber(mrn, birthDate);
    if (name === '' || birthDate === '') return { ok: false, why: 'missing' };
    const fitting = (this.#byBirth.get(birthDate) ?? []).filter((row) => isNamed(row.name, name));
    return this.#oneOf(fitting.map(({ ref }) => ref));
  }

  #byRecordNumber(mrn: string, birthDate: string): PatientMatch {
    const number = mrn.toLowerCase();
    if (!this.#byNumber.has(number)) this.#openAll();
    const found = this.#oneOf([...(this.#byNumber.get(number) ?? [])]);
    if (!found.ok || birthDate === '') return found;
    const known = this.#rows.get(found.ref)?.birthDate ?? null;
    const isOther = known !== null && known.length === 10 && known !== birthDate;
    return isOther ? { ok: false, why: 'other-birth-date' } : found;
  }

  #oneOf(refs: readonly string[]): PatientMatch {
    const [ref] = refs;
    const row = ref === undefined ? undefined : this.#rows.get(ref);
    if (!row) return { ok: false, why: 'unknown' };
    return refs.length > 1 ? { ok: false, why: 'several' } : { ok: true, ref: row.ref, name: row.name };
  }

  /** Identifiers other than the usual record number, once they are needed: each record has to be opened for them. */
  #openAll(): void {
    if (this.#opened) return;
    this.#opened = true;
    for (const { ref } of this.#rows.values())
      for (const { value } of this.#patients.read(ref)?.identifiers ?? []) this.#know(value, ref);
  }

  #know(value: string, ref: string): void {
    const key = value.trim().toLowerCase();
    if (key === '') return;
    const known = this.#byNumber.get(key) ?? new Set();
    this.#byNumber.set(key, known);
    known.add(ref);
  }
}

/** Family and a given name at least, in any order; what only one side says besides (a middle name) does not matter. */
function isNamed(known: string, wanted: string): boolean {
  const words = (text: string): readonly string[] =>
    plainWord(text)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length > 1);
  const [a, b] = [words(known), words(wanted)];
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a];
  return fewer.length >= 2 && fewer.every((word) => more.includes(word));
}
