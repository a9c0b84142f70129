import type { RoleId, TimestampMs } from '@baton/kernel';
import type { PatientRecord } from '@baton/wire';
import type { Live } from './live.ts';

export interface PatientRow {
  readonly ref: string;
  readonly name: string;
  readonly birthDate: string | null;
  /** Whole years on the session's clock; null without a birth date. */
  readonly age: number | null;
  readonly gender: PatientRecord['gender'];
  readonly mrn: string | null;
  readonly phone: string | null;
  readonly practitioner: string | null;
  readonly deceased: boolean;
}

/** The sealed registry: a collection whose members are team roles; searched on this device only. */
export interface PatientRegistry {
  readonly state: Live<{
    readonly ready: boolean;
    readonly count: number;
    readonly updatedAt: TimestampMs | null;
    readonly available: boolean;
  }>;
  /** Sorted by family name, then given name. */
  readonly rows: Live<readonly PatientRow[]>;
  /** Name, birth date, record number or phone; tolerant of typos; best first. */
  search(query: string): readonly PatientRow[];
  read(ref: string): PatientRecord | null;
  /** Makes the organisation's registry with these team roles as members; does nothing where there is one. Needs `patient.registry.write`. */
  establish(members: readonly RoleId[]): Promise<void>;
  /** Compare-and-set by source hash: unchanged records are skipped. */
  put(record: PatientRecord): Promise<'added' | 'changed' | 'unchanged'>;
}
