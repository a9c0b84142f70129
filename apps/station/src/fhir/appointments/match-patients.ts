import type { PatientRecord } from '@baton/wire';
import type { PlannedVisit } from './plan-visits.ts';

/** Whose visits these are, by the registry. Nobody is guessed: an identifier that two have, or another birth date, is nobody's. */
export class PatientMatcher {
  readonly #byIdentifier = new Map<string, PatientRecord | null>();
  readonly #byRef = new Map<string, PatientRecord>();
  readonly #sameIds: boolean;

  /** `sameIds`: the registry was filled from the system that the file is from, so that `Patient/<id>` means the same. */
  constructor(records: Iterable<PatientRecord>, sameIds: boolean) {
    this.#sameIds = sameIds;
    for (const record of records) {
      this.#byRef.set(record.ref, record);
      for (const { system, value } of record.identifiers) {
        const key = `${system}\0${value.trim()}`;
        const known = this.#byIdentifier.get(key);
        this.#byIdentifier.set(key, known === undefined || known?.ref === record.ref ? record : null);
      }
    }
  }

  /** The registry's reference; null: not known, or not sure. */
  find({ mapped, patient }: PlannedVisit): string | null {
    const { identifiers, born } = mapped.patient;
    const found = new Map<string, PatientRecord>();
    const own = patient === null ? undefined : this.#byRef.get(patient);
    // The same id in another system is somebody else, unless the birth date says so too.
    const isOwn = own !== undefined && (this.#sameIds || (born !== null && born === own.birthDate));
    if (isOwn) found.set(own.ref, own);
    for (const { system, value } of identifiers) {
      const record = this.#byIdentifier.get(`${system}\0${value}`);
      if (record) found.set(record.ref, record);
    }
    const [only, ...others] = found.values();
    if (only === undefined || others.length > 0) return null;
    const isAnother = born !== null && only.birthDate !== null && !agree(born, only.birthDate);
    return isAnother ? null : only.ref;
  }
}

function agree(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length, 10);
  return a.slice(0, length) === b.slice(0, length);
}
