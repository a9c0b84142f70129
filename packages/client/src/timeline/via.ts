import type { AccountId, TimestampMs } from '@baton/kernel';
import type { ContentOf } from '@baton/wire';
import type { Person } from '../api/directory.ts';
import type { MessageRow } from '../tables/records.ts';

/** What has to be known of an author, from the verified key log. */
export interface ViaNames {
  person(id: AccountId): Pick<Person, 'kind'>;
  /** Whether this agent's manifest said, then or now, that it is the texting assistant. */
  isTexting(id: AccountId, atMs: TimestampMs): boolean;
}

/**
 * Where a message says that it came from, as far as that counts: "the patient texted this" is the word of the texting assistant, or of a colleague who
 * names the text of the queue that they gave to a patient (docs/protocol/patients.md §4). Nobody else's: not of another assistant, nor of a patient,
 * who writes for themselves. The one place that decides; what reads threads goes by it.
 */
export function countedVia(
  {
    author,
    at,
    content,
  }: { readonly author: AccountId; readonly at: TimestampMs } & Pick<MessageRow, 'content'>,
  names: ViaNames,
): NonNullable<ContentOf<'message'>['via']> | null {
  if (content.t !== 'message' || content.via === undefined) return null;
  switch (names.person(author).kind) {
    case 'agent':
      return names.isTexting(author, at) ? content.via : null;
    case 'person':
      return content.via.filed === undefined ? null : content.via;
    case 'patient':
      return null;
  }
}
