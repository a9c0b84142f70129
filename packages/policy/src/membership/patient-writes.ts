import type { AccountId } from '@baton/kernel';
import { findAccount, type KeyLogState } from '@baton/ledger';
import type { AgentWrite, MessageKind } from '@baton/wire';

/**
 * Kinds of messages that a patient's or proxy's account may write, into patient conversations only (docs/protocol/patients.md §1): never a practice
 * card, a mark of a text or anything else that staff's clients and assistants go by.
 */
const PATIENT_WRITES = [
  'message',
  'edit',
  'withdrawal',
  'reaction',
  'form',
  'reading',
] as const satisfies readonly MessageKind[];

const WRITES: ReadonlySet<string> = new Set(PATIENT_WRITES);

/**
 * False where the author was a patient's account at that size of the key log and this is not for patients to write; `put` and `members`, which
 * are no kinds of messages, never are. For the server and for every reader (docs/protocol/patients.md §1).
 */
export function isPatientsWriting(writing: {
  readonly keyLog: KeyLogState;
  /** Size of the key log; left out: now. */
  readonly size?: number;
  readonly author: AccountId;
  readonly kind: AgentWrite;
}): boolean {
  const account = findAccount(writing.keyLog, writing.author, writing.size);
  return account?.kind !== 'patient' || WRITES.has(writing.kind);
}
