import type { AccountId, OrgId, RoleId } from '@baton/kernel';
import { type KeyLogState, keyLogSize, listAccounts, listRoles, openRecord } from '@baton/ledger';
import {
  applyRecord,
  type BatonFacts,
  createBatonFacts,
  type DutyOrg,
  emptyRecordBook,
  type RecordBook,
  viewKeyLog,
} from '@baton/policy';
import { accept } from '../api-error.ts';
import type { KeyLogs } from '../keylog/key-logs.ts';
import type { Ports } from '../ports.ts';
import { listKeyringMembers } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import { findOrg, type Organisation } from '../store/organisations.ts';
import { readRecords } from '../store/records.ts';

/** The organisation as its batons see it, at one moment: records, key log and keyrings together. */
export interface DutyBook {
  readonly org: OrgId;
  readonly keyLog: KeyLogState;
  readonly records: RecordBook;
  readonly recordsSize: number;
  readonly keyringEntries: number;
  readonly facts: BatonFacts;
  /** What records are checked against. */
  readonly listing: DutyOrg;
  /** Holders of each role, by its keyring. */
  readonly keyrings: ReadonlyMap<RoleId, readonly AccountId[]>;
}

/**
 * In memory, for every organisation. A cache: whoever decides by it compares its versions under the organisation's lock (`isCurrent`) and
 * judges again by a fresh one.
 */
export interface DutyBooks {
  /** As this process knows it; reads it on first use. */
  get(org: OrgId): Promise<DutyBook>;
  /** As it is now; the same object where nothing has changed. */
  refresh(org: OrgId): Promise<DutyBook>;
  /** Whether nothing has changed since; `locked` is the organisation's row under its lock. */
  isCurrent(book: DutyBook, locked: Organisation): boolean;
}

const PAGE = 500;

export function createDutyBooks(needs: { db: Database; ports: Ports; keyLogs: KeyLogs }): DutyBooks {
  const { db, keyLogs } = needs;
  const books = new Map<OrgId, DutyBook>();
  const readings = new Map<OrgId, Promise<DutyBook>>();

  const isCurrent = (book: DutyBook, locked: Organisation): boolean =>
    locked.keylog_size === keyLogSize(book.keyLog) &&
    locked.records_size === book.recordsSize &&
    locked.keyring_entries === book.keyringEntries;

  async function read(org: OrgId): Promise<DutyBook> {
    const known = books.get(org);
    const row = await db.inOrg(org, (trx) => findOrg(trx, org));
    if (known !== undefined && row !== null && isCurrent(known, row)) return known;
    const keyLog = await keyLogs.refresh(org);
    // Counted before the keyrings are read: what changes in between is noticed the next time.
    const keyringEntries = row?.keyring_entries ?? 0;
    const keyrings =
      known?.keyringEntries === keyringEntries && known.keyLog === keyLog
        ? known.keyrings
        : await db.inOrg(org, listKeyringMembers);
    const { records, size } = await readNewRecords(needs, org, known ?? null);
    const book = makeBook({ org, keyLog, keyrings, records, recordsSize: size, keyringEntries });
    books.set(org, book);
    return book;
  }

  async function refresh(org: OrgId): Promise<DutyBook> {
    // One after the other: whoever asks now wants what is true now, and not what a reading begun earlier will find.
    const next = (readings.get(org) ?? Promise.resolve()).then(
      () => read(org),
      () => read(org),
    );
    readings.set(org, next);
    try {
      return await next;
    } finally {
      if (readings.get(org) === next) readings.delete(org);
    }
  }

  return { refresh, isCurrent, get: async (org) => books.get(org) ?? (await refresh(org)) };
}

async function readNewRecords(
  needs: { db: Database; ports: Ports },
  org: OrgId,
  known: DutyBook | null,
): Promise<{ records: RecordBook; size: number }> {
  let records = known?.records ?? emptyRecordBook();
  let size = known?.recordsSize ?? 0;
  for (;;) {
    const page = await needs.db.inOrg(org, (trx) => readRecords(trx, size, PAGE));
    for (const { pos, at, body } of page) {
      const { body: record, hash } = accept(openRecord(needs.ports.digest, body));
      records = accept(applyRecord(records, { record, hash, at, pos }, AS_COMMITTED(record.author)));
      size = pos;
    }
    if (page.length < PAGE) return { records, size };
  }
}

/** The author's right was judged when the record was committed, by the organisation as it was then; it is not judged again by today's. */
const AS_COMMITTED = (account: AccountId) => ({
  account,
  jobs: ['practice-manager'] as const,
  active: true,
  onDutyIn: () => true,
  inChargeOf: () => true,
});

function makeBook(parts: Omit<DutyBook, 'facts' | 'listing'>): DutyBook {
  const { keyLog, records, keyrings } = parts;
  const accounts = listAccounts(keyLog).map(({ account }) => account);
  const roles = listRoles(keyLog).map(({ role, name, unit, active, keyring }) => ({
    role,
    name,
    unit,
    active,
    keyring,
  }));
  const listing: DutyOrg = {
    view: viewKeyLog(keyLog, { records }),
    roles: () => roles,
    keyringMembers: (role) => keyrings.get(role) ?? [],
    accounts: () => accounts,
  };
  return { ...parts, listing, facts: createBatonFacts(records, listing) };
}
