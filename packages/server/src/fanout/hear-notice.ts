import { type OrgId, type SessionId } from '@baton/kernel';
import { isErrorCode } from '@baton/wire';
import type { ConversationCache } from '../commit/conversation-cache.ts';
import type { KeyLogs } from '../keylog/key-logs.ts';
import { keyLogSize } from '@baton/ledger';
import type { DutyBooks } from '../duty/duty-books.ts';
import type { Database } from '../store/database.ts';
import { readBatch } from '../store/items.ts';
import { listMarks } from '../store/marks.ts';
import { findSessionById } from '../store/sessions.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { Hub } from './hub.ts';
import type { Notice } from './notifier.ts';
import { publishFeed } from './publish-feed.ts';

interface Needs {
  readonly db: Database;
  readonly hub: Hub;
  readonly keyLogs: KeyLogs;
  readonly conversations: ConversationCache;
  readonly duty: DutyBooks;
  readonly log: Logger;
}

/** What another process committed goes out on this one's sockets: read again from the record, in batch order. */
export function createNoticeHearer(needs: Needs): (notice: Notice) => void {
  let tail: Promise<void> = Promise.resolve();
  return (notice) => {
    if (!needs.hub.hasConnections(notice.org)) return;
    tail = tail
      .then(() => hear(needs, notice))
      .catch((error: unknown) => {
        needs.log.error('background', { event: 'notice', ...describeError(error) });
        needs.hub.missAll();
      });
  };
}

async function hear(needs: Needs, notice: Notice): Promise<void> {
  const { db, hub, keyLogs } = needs;
  const { org } = notice;
  switch (notice.t) {
    case 'batches':
      for (const batch of notice.batches) await publishBatch(needs, org, batch);
      return;
    case 'keylog':
      hub.publishKeyLog(org, keyLogSize(await keyLogs.refresh(org)));
      return;
    case 'records':
      await needs.duty.refresh(org);
      hub.publishRecords(org, notice.size);
      return;
    case 'batons':
      await publishFeed(needs, org, notice);
      return;
    case 'mark': {
      const [mark] = await db.inOrg(org, (trx) => listMarks(trx, notice.conv, [notice.account]));
      if (mark !== undefined) hub.publishMark(org, notice.conv, mark);
      return;
    }
    case 'sessions':
      for (const connection of hub.connectionsOf(org, notice.account)) {
        const session: SessionId = connection.session;
        const row = await db.inOrg(org, (trx) => findSessionById(trx, session));
        const code = row?.end_code ?? 'auth.expired';
        if (row === null || row.ended_at !== null) connection.end(isErrorCode(code) ? code : 'auth.expired');
      }
  }
}

async function publishBatch(needs: Needs, org: OrgId, batch: number): Promise<void> {
  const { db, hub, conversations } = needs;
  const rows = await db.inOrg(org, (trx) => readBatch(trx, batch));
  for (const { conv, item } of rows) if (item.k === 'entry') await conversations.reload(org, conv);
  hub.publish({ org, batch, rows });
}
