import { type ConversationId, encodeUtf8, ID_BYTES, makeId, type OrgId, type QueueId } from '@baton/kernel';
import type { Digest } from '@baton/ledger';
import type { NamedCollection } from '@baton/wire';

/** What an organisation has one of: collections, and the queue conversation of texts from unknown numbers. */
const NAMED = [
  'texting',
  'desk',
  'appointments',
  'programmes',
  'patients',
  'unknown',
] as const satisfies readonly (NamedCollection | 'patients' | 'unknown')[];
export type Named = 'appointments' | 'programmes' | (typeof NAMED)[number];

/**
 * Where an organisation's collection of this name is (docs/protocol/patients.md §3): the id follows from the name, so that nobody has to be
 * told and two who make it at the same time make the same one.
 */
export function namedCollectionOf(digest: Digest, org: OrgId, name: Named): ConversationId {
  return makeId('conversation', digest(encodeUtf8(`sg/collection/v1\0${org}\0${name}`)).slice(0, ID_BYTES));
}

/** The queue record to which patients' messages go where nothing else was decided; by the same rule. */
export function patientQueueOf(digest: Digest, org: OrgId): QueueId {
  return makeId('queue', digest(encodeUtf8(`sg/queue/v1\0${org}\0patients`)).slice(0, ID_BYTES));
}
