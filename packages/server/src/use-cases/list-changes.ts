import type { ChangesAnswer } from '@baton/wire';
import type { Session } from '../access/sessions.ts';
import type { Services } from '../server-parts.ts';
import { readChanges } from '../store/items.ts';

/** Conversations in reach that changed after a batch. `upTo` is the cursor for the next question: a page never cuts through a batch. */
export async function listChanges(
  needs: Pick<Services, 'db'>,
  session: Session,
  page: { after: number; limit: number },
): Promise<ChangesAnswer> {
  const { changes, orgBatch } = await readChanges(needs.db, session, page);
  const last = changes.at(-1);
  const more = changes.length >= page.limit && last !== undefined && last.batch < orgBatch;
  return { changes, upTo: more ? last.batch : orgBatch, more };
}
