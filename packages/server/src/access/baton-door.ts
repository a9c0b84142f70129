import { type BatonId, isId, type OwnerId, parseBatonId, type RoleId } from '@baton/kernel';
import { listRoles } from '@baton/ledger';
import { queuesOf } from '@baton/policy';
import { notFound } from '../api-error.ts';
import type { DutyBook, DutyBooks } from '../duty/duty-books.ts';
import type { Ports } from '../ports.ts';
import { type BatonReader, findVisibleBaton, type VisibleBaton } from '../store/batons.ts';
import type { Database } from '../store/database.ts';
import type { Session } from './sessions.ts';

declare const opened: unique symbol;

/** A baton that its holder may see now: who reaches its conversation, opened it, was reached, or may act for its owner. */
export interface OpenBaton {
  readonly [opened]: true;
  readonly session: Session;
  readonly baton: BatonId;
  readonly row: VisibleBaton;
  readonly book: DutyBook;
}

/** The door to batons. What does not exist, what belongs to others and what the caller may not see are one answer from one query. */
export async function openBatonFor(
  needs: { db: Database; duty: DutyBooks; ports: Pick<Ports, 'clock'> },
  session: Session,
  baton: BatonId,
): Promise<OpenBaton> {
  const book = await needs.duty.refresh(session.org);
  const reader = readerOf(book, session, needs.ports.clock.nowMs());
  const row =
    parseBatonId(baton) === null
      ? null
      : await needs.db.inOrg(session.org, (trx) => findVisibleBaton(trx, reader, baton));
  if (row === null) throw notFound();
  return { session, baton, row, book } as unknown as OpenBaton;
}

/** The account and the owners for which it may act now. */
export function readerOf(book: DutyBook, { account }: Pick<Session, 'account'>, atMs: number): BatonReader {
  const { facts } = book;
  const roles = listRoles(book.keyLog).map(({ role }) => role);
  const queues = queuesOf(book.records).map(({ queue }) => queue);
  const owners: OwnerId[] = [...roles, ...queues].filter((owner) => facts.actsFor(account, owner, atMs));
  return { account, owners: [account, ...owners] };
}

/** Roles in whose keyrings the account is: those whose boxes it opens. */
export function rolesHeldBy(book: DutyBook, { account }: Pick<Session, 'account'>): RoleId[] {
  return [...book.keyrings].flatMap(([role, members]) =>
    isId('role', role) && members.includes(account) ? [role] : [],
  );
}
