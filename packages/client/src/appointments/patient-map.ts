import {
  PATIENT_MAP_SHARDS,
  PATIENT_REF_SYSTEM,
  type PatientMap,
  patientMapShard,
  type PatientRecord,
} from '@baton/wire';

interface Known {
  readonly system: string;
  readonly value: string;
  readonly ref: string;
  readonly born: string | null;
}

/**
 * Which patient an outside system's identifier is, shard by shard (docs/protocol/programmes.md §1). Taken up patient by patient; an identifier that
 * two have is nobody's.
 */
export class PatientMapBuilder {
  readonly #known = new Map<string, Known>();
  readonly #ambiguous = new Set<string>();

  add(record: Pick<PatientRecord, 'ref' | 'birthDate' | 'identifiers'>): void {
    this.#put(PATIENT_REF_SYSTEM, record.ref, record);
    for (const { system, value } of record.identifiers) this.#put(system, value, record);
  }

  /** All shards, also those without a patient; the same registry is the same values, whatever the order in which it was read. */
  build(): readonly PatientMap[] {
    const shards: Known[][] = Array.from({ length: PATIENT_MAP_SHARDS }, () => []);
    for (const [key, known] of this.#known)
      if (!this.#ambiguous.has(key)) shards[patientMapShard(known.system, known.value)]?.push(known);
    return shards.map((known, shard) => ({ t: 'patient-map', shard, systems: bySystem(known) }));
  }

  #put(system: string, raw: string, { ref, birthDate }: Pick<PatientRecord, 'ref' | 'birthDate'>): void {
    const value = raw.trim();
    if (value === '') return;
    const key = `${system}\0${value}`;
    const before = this.#known.get(key);
    if (before && before.ref !== ref) this.#ambiguous.add(key);
    else this.#known.set(key, { system, value, ref, born: birthDate });
  }
}

function bySystem(known: readonly Known[]): PatientMap['systems'] {
  const systems = new Map<string, Known[]>();
  for (const one of known) systems.set(one.system, [...(systems.get(one.system) ?? []), one]);
  return [...systems.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([system, patients]) => ({
      system,
      patients: patients
        .sort((a, b) => (a.value < b.value ? -1 : 1))
        .map(({ value, ref, born }) => ({ value, ref, born })),
    }));
}
