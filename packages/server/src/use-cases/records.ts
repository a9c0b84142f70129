import { type Bytes, encodeBase64Url } from '@baton/kernel';
import { checkRecord, openRecord } from '@baton/ledger';
import { applyRecord, checkRecordBody, type RecordBook } from '@baton/policy';
import { type OrgRecord, type recordPage, recordSubject } from '@baton/wire';
import type { z } from 'zod';
import { actorOf, loadActor, requirePermission } from '../access/actor.ts';
import type { Session } from '../access/sessions.ts';
import { accept, ApiError } from '../api-error.ts';
import type { DutyBook } from '../duty/duty-books.ts';
import type { Services } from '../server-parts.ts';
import { type AuditEvent, appendAudit } from '../store/audit.ts';
import { findOrg, lockOrg } from '../store/organisations.ts';
import { insertRecords, readRecords } from '../store/records.ts';

type ReadNeeds = Pick<Services, 'db' | 'keyLogs'>;
type Needs = ReadNeeds &
  Pick<Services, 'ports' | 'certificates' | 'duty' | 'dutyRounds' | 'hub' | 'notifier' | 'limits'>;

const ATTEMPTS = 4;

/** Records after a position, every version, in the order of their commit. For the staff and for agents. */
export async function readRecordPage(
  needs: ReadNeeds,
  session: Session,
  page: { after: number; limit: number },
): Promise<z.infer<typeof recordPage>> {
  const actor = await loadActor(needs.keyLogs, session);
  if (actor.kind !== 'agent') requirePermission(actor, 'directory.read');
  return needs.db.inOrg(session.org, async (trx) => {
    const org = await findOrg(trx, session.org);
    const records = await readRecords(trx, page.after, page.limit);
    return {
      records: records.map(({ pos, at, body }) => ({ pos, at, record: encodeBase64Url(body) })),
      size: Math.max(org?.records_size ?? 0, records.at(-1)?.pos ?? 0),
    };
  });
}

interface JudgedRecord {
  readonly record: OrgRecord;
  readonly hash: Bytes;
  readonly body: Bytes;
}

/**
 * Appends a signed-in account's records to the organisation's log, all or none; answers the new size. Signature, right, version chain and
 * whether each can work (docs/protocol/batons.md §2), by the organisation as it is in the same commit.
 */
export async function appendRecords(
  needs: Needs,
  session: Session,
  bodies: readonly Bytes[],
): Promise<number> {
  const { org, account } = session;
  // The least that any record asks for; which one asks for what is judged below.
  requirePermission(await loadActor(needs.keyLogs, session), 'duty.availability.own');
  await needs.limits.spendOwn('record', account);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const book = await needs.duty.refresh(org);
    const signed = await checkSignatures(needs, { session, book }, bodies);
    const size = await needs.db.inOrg(org, async (trx) => {
      const locked = await lockOrg(trx, org);
      if (!needs.duty.isCurrent(book, locked)) return null;
      const atMs = Math.max(needs.ports.clock.nowMs(), locked.last_ts);
      judge({ session, book, atMs }, signed);
      const records = signed.map(({ record, hash, body }) => ({
        subject: recordSubject(record.body),
        version: record.version,
        hash,
        body,
      }));
      await insertRecords(trx, { org, from: locked.records_size, atMs, records });
      const events = records.map(
        ({ subject }): AuditEvent => ({
          actor: account,
          session: session.session,
          action: `record.${subject.split(':')[0]}`,
          object: subject.split(':')[1] ?? null,
          outcome: 'ok',
          code: null,
        }),
      );
      await appendAudit(trx, { org, atMs }, events);
      return locked.records_size + records.length;
    });
    if (size === null) continue; // something came first: judge by the organisation as it is now
    needs.hub.publishRecords(org, size);
    needs.notifier.tell({ t: 'records', org, size });
    needs.dutyRounds.wake(org, needs.ports.clock.nowMs());
    return size;
  }
  throw new ApiError('limit.busy', '', 500);
}

async function checkSignatures(
  needs: Needs,
  by: { session: Session; book: DutyBook },
  bodies: readonly Bytes[],
): Promise<JudgedRecord[]> {
  const { digest, verify } = needs.ports;
  const { session, book } = by;
  const checked: JudgedRecord[] = [];
  for (const body of bodies) {
    const opened = accept(openRecord(digest, body));
    const record = opened.body;
    if (record.org !== session.org) throw new ApiError('ledger.wrong_purpose', 'org');
    if (record.author !== session.account) throw new ApiError('ledger.wrong_purpose', 'author');
    const certificate = await needs.certificates.current(
      { org: session.org, keyLog: book.keyLog },
      record.dk,
    );
    accept(await checkRecord(opened, { digest, verify, certificate }));
    checked.push({ record, hash: opened.hash, body });
  }
  return checked;
}

function judge(
  by: { session: Session; book: DutyBook; atMs: number },
  records: readonly JudgedRecord[],
): void {
  const { session, book, atMs } = by;
  const { account, jobs, active } = actorOf(book.keyLog, session);
  const actor = {
    account,
    jobs,
    active,
    onDutyIn: (role: Parameters<DutyBook['facts']['holders']>[0]) =>
      book.facts.holders(role, atMs).includes(account),
    inChargeOf: (role: Parameters<DutyBook['facts']['inChargeOf']>[1]) =>
      book.facts.inChargeOf(account, role, atMs),
  };
  let next: RecordBook = book.records;
  for (const { record, hash } of records) {
    next = accept(applyRecord(next, { record, hash, at: atMs, pos: next.size + 1 }, actor));
    const problem = checkRecordBody(record.body, book.listing, next).find(
      ({ severity }) => severity === 'problem',
    );
    if (problem !== undefined) throw new ApiError('duty.record', `body.${problem.code}`);
  }
}
