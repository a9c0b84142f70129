import type { AccountId, Bytes } from '@baton/kernel';
import type {
  AppointmentsValue,
  DeskValue,
  Job,
  PatientRecord,
  ProgrammesValue,
  TextingValue,
} from '@baton/wire';
import { can } from '../permissions/can.ts';
import type { Action } from '../permissions/permission-table.ts';

/** A value of one of the organisation's collections. */
export type OrgValue = TextingValue | DeskValue | AppointmentsValue | ProgrammesValue | PatientRecord;
export type ValueKind = OrgValue['t'];

/** Who put a value, as the key log said when it was committed. */
export interface ValueAuthor {
  readonly account: AccountId;
  /** Hash of the certificate of the device that signed the put. */
  readonly dk: Bytes;
  readonly kind: 'user' | 'agent' | 'patient';
  readonly jobs: readonly Job[];
  /** Program of an agent's manifest; null for people. */
  readonly program: string | null;
}

/** Whether a person's job allowed it; never true of an agent. */
export function authorCan({ kind, jobs }: ValueAuthor, action: Action): boolean {
  return kind === 'user' && can({ kind, active: true, jobs }, action);
}
