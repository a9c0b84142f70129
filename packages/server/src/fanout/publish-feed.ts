import type { OrgId } from '@baton/kernel';
import { decodeBaton } from '../batons/baton-codec.ts';
import type { DutyBooks } from '../duty/duty-books.ts';
import { readBatonsBetween } from '../store/batons.ts';
import type { Database } from '../store/database.ts';
import type { ToldBaton } from './baton-audience.ts';
import type { Hub } from './hub.ts';

/** Hints about what changed in a range of the feed, read from the record. */
export async function publishFeed(
  { db, hub, duty }: { db: Database; hub: Hub; duty: DutyBooks },
  org: OrgId,
  range: { after: number; upTo: number },
): Promise<void> {
  const book = await duty.refresh(org);
  const rows = await db.inOrg(org, (trx) => readBatonsBetween(trx, range));
  const batons = rows.map(({ state: bytes, pos, firstN }): ToldBaton => {
    const state = decodeBaton(bytes);
    const reached = [...state.reached].flatMap(([account, n]) =>
      firstN !== null && n >= firstN ? [account] : [],
    );
    const offered = state.offer?.at === state.at ? book.facts.holders(state.offer.to, state.at) : [];
    return { state, pos, reached: [...reached, ...offered] };
  });
  hub.publishBatons({ book, batons });
}
