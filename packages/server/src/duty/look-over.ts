import {
  type AccountId,
  encodeBase64Url,
  encodeUtf8,
  isId,
  type OrgId,
  type OwnerId,
  type RoleId,
} from '@baton/kernel';
import { listRoles } from '@baton/ledger';
import { queueOf } from '@baton/policy';
import type { Services } from '../server-parts.ts';
import {
  listNewSubjects,
  listOpenOwners,
  readDutyRound,
  saveDutyRound,
  showBatonsOf,
} from '../store/duty-rounds.ts';
import { publishFeed } from '../fanout/publish-feed.ts';
import { lockOrg } from '../store/organisations.ts';
import { markAllStale, markOwnersStale } from '../store/timers.ts';
import type { DutyBook } from './duty-books.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'duty' | 'hub' | 'notifier'>;

const ATTEMPTS = 4;
/** Records that change when and whom every open baton's ladder reaches; the others change for whom an owner stands. */
const LADDER_KINDS = new Set(['policy', 'ladder', 'unit', 'queue']);

/**
 * Has the clock look again at every open baton whose time or owner may have changed with the organisation (docs/protocol/batons.md §4), and shows
 * batons to those who have come to stand for their owner. What was looked over last is kept in the database, so that nothing is missed by a
 * process that dies. Answers whether anything had changed.
 */
export async function lookOver(needs: Needs, org: OrgId): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const book = await needs.duty.refresh(org);
    const result = await needs.db.inOrg(org, async (trx) => {
      const locked = await lockOrg(trx, org);
      if (!needs.duty.isCurrent(book, locked)) return null;
      const atMs = Math.max(needs.ports.clock.nowMs(), locked.last_ts);
      const before = await readDutyRound(trx, org);
      const subjects = await listNewSubjects(trx, before.records);
      const laddersChanged = subjects.some((subject) => LADDER_KINDS.has(subject.split(':')[0] ?? ''));
      const standing = describeStanding(needs, book, { owners: await listOpenOwners(trx, org), atMs });
      const changed = [...standing].flatMap(([owner, holders]) =>
        before.standing.get(owner) === holders ? [] : [owner],
      );
      const gone = [...before.standing.keys()].filter((owner) => !standing.has(owner));
      if (laddersChanged) await markAllStale(trx, org);
      else if (changed.length > 0) await markOwnersStale(trx, org, changed);
      // Whom nobody had looked at before is nobody's news.
      const known = changed.filter((owner) => before.standing.has(owner));
      const shown = known.length === 0 ? 0 : await showBatonsOf(trx, org, known);
      const hasChanged =
        changed.length > 0 || gone.length > 0 || before.records !== book.recordsSize || shown > 0;
      if (hasChanged) await saveDutyRound(trx, { org, records: book.recordsSize, changed, gone, standing });
      return { hasChanged, after: locked.baton_pos, upTo: locked.baton_pos + shown };
    });
    if (result === null) continue;
    const { after, upTo } = result;
    if (upTo > after) {
      needs.notifier.tell({ t: 'batons', org, after, upTo });
      await publishFeed(needs, org, { after, upTo });
    }
    return result.hasChanged;
  }
  return true;
}

/** Who may take from a queue: on duty in one of its roles, or with its keys. */
function takersOf(owner: OwnerId, { facts, keyrings, records }: DutyBook, atMs: number): AccountId[][] {
  const queue = isId('queue', owner) ? queueOf(records, owner) : null;
  return (queue?.roles ?? []).flatMap((role) => [
    [...facts.holders(role, atMs)],
    [...(keyrings.get(role) ?? [])],
  ]);
}

/** For whom every owner of open batons, and every role, stands now: a digest, so that a change is one comparison. */
function describeStanding(
  { ports }: Pick<Needs, 'ports'>,
  book: DutyBook,
  at: { owners: readonly OwnerId[]; atMs: number },
): Map<OwnerId, string> {
  const { facts } = book;
  const roles: RoleId[] = listRoles(book.keyLog).map(({ role }) => role);
  return new Map(
    [...new Set<OwnerId>([...roles, ...at.owners])].map((owner) => {
      const described = {
        inUse: facts.isOwner(owner),
        member: facts.memberOf(owner),
        holders: facts.holders(owner, at.atMs),
        all: facts.allHolders(owner),
        keyring: isId('role', owner) ? (book.keyrings.get(owner) ?? []) : [],
        takers: takersOf(owner, book, at.atMs),
      };
      const digest = ports.digest(encodeUtf8(JSON.stringify(described)));
      return [owner, encodeBase64Url(digest)] as const;
    }),
  );
}
