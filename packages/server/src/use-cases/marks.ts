import { type AccountId, type Bytes, type ConversationId, isId } from '@baton/kernel';
import { checkCollectionRoot, checkWatermark, openCollectionRoot, openWatermark } from '@baton/ledger';
import type { Mark } from '@baton/wire';
import { openConversation } from '../access/door.ts';
import type { Session } from '../access/sessions.ts';
import { withFreshView } from '../access/fresh-view.ts';
import { openForWriting } from '../access/writing.ts';
import { accept, ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { seesMarkOf } from '../fanout/audience.ts';
import { readChanges } from '../store/items.ts';
import { advanceCursor, listMarks, saveCollectionRoot, saveWatermark } from '../store/marks.ts';

type Needs = Pick<
  Services,
  'db' | 'ports' | 'certificates' | 'keyLogs' | 'conversations' | 'hub' | 'notifier'
>;

/** Keeps the account's newest signed watermark of a conversation and shows it to the others. */
export async function putWatermark(needs: Needs, session: Session, bytes: Bytes): Promise<void> {
  const { ports, db, certificates } = needs;
  const { body: claimed } = accept(openWatermark(ports.digest, bytes));
  const { row } = await openConversation(db, session, claimed.conv);
  if (claimed.account !== session.account) throw new ApiError('ledger.wrong_purpose', 'account');
  if (claimed.seq > row.seq) throw new ApiError('request.invalid', 'seq');
  const { digest, verify } = ports;
  await withFreshView(needs, { session, conv: claimed.conv }, async (keyLog) => {
    const certificate = await certificates.current({ org: session.org, keyLog }, claimed.dk);
    return accept(await checkWatermark(bytes, { digest, verify, certificate }));
  });
  const saved = await db.inOrg(session.org, (trx) =>
    saveWatermark(trx, {
      org: session.org,
      conv: claimed.conv,
      account: session.account,
      seq: claimed.seq,
      body: bytes,
    }),
  );
  if (saved) await showMark(needs, session, claimed.conv);
}

/** Everything up to `batch` is on one device of the account: delivered. Told where something new was. */
export async function moveCursor(
  needs: Needs,
  session: Session,
  move: { from: number; to: number },
): Promise<void> {
  const { db } = needs;
  const { org, account } = session;
  const advanced = await db.inOrg(org, (trx) => advanceCursor(trx, { org, account, batch: move.to }));
  if (!advanced) return;
  const { changes } = await readChanges(db, session, { after: move.from, limit: 50 });
  for (const { conv, batch } of changes) if (batch <= move.to) await showMark(needs, session, conv);
}

async function showMark(needs: Needs, session: Session, conv: ConversationId): Promise<void> {
  const { db, hub, notifier } = needs;
  const { org, account } = session;
  const [mark] = await db.inOrg(org, (trx) => listMarks(trx, conv, [account]));
  if (mark !== undefined) hub.publishMark(org, conv, mark);
  notifier.tell({ t: 'mark', org, conv, account });
}

/** Marks of everybody whom the conversation's members stand for, as far as the caller is shown them. */
export async function readMarks(needs: Needs, session: Session, conv: ConversationId): Promise<Mark[]> {
  const { db, conversations, keyLogs } = needs;
  await openConversation(db, session, conv);
  const keyLog = await keyLogs.get(session.org);
  await conversations.reload(session.org, conv, keyLog);
  const state = await conversations.get(session.org, conv);
  if (state === null) return [];
  const reached = await conversations.audience(state, keyLog);
  const accounts = [...reached].filter(
    (account): account is AccountId =>
      isId('account', account) && seesMarkOf(keyLog, { reader: session.account, of: account }),
  );
  return db.inOrg(session.org, (trx) => listMarks(trx, conv, accounts));
}

/** A member's signed word on a collection's content. */
export async function putCollectionRoot(
  needs: Needs,
  session: Session,
  put: { conv: ConversationId; bytes: Bytes },
): Promise<void> {
  const { ports, db, certificates, conversations } = needs;
  const at = { session, conv: put.conv };
  await withFreshView(needs, at, (keyLog) => openForWriting(conversations, { session, keyLog }, put.conv));
  const { row } = await openConversation(db, session, put.conv);
  const { body: claimed } = accept(openCollectionRoot(ports.digest, put.bytes));
  if (row.kind !== 'collection') throw new ApiError('policy.kind', 'conv');
  if (claimed.conv !== put.conv) throw new ApiError('ledger.wrong_purpose', 'conv');
  if (claimed.author !== session.account) throw new ApiError('ledger.wrong_purpose', 'author');
  if (claimed.seq > row.seq) throw new ApiError('request.invalid', 'seq');
  const { digest, verify } = ports;
  await withFreshView(needs, at, async (keyLog) => {
    const certificate = await certificates.current({ org: session.org, keyLog }, claimed.dk);
    return accept(await checkCollectionRoot(put.bytes, { digest, verify, certificate }));
  });
  await db.inOrg(session.org, (trx) =>
    saveCollectionRoot(trx, {
      org: session.org,
      conv: put.conv,
      seq: claimed.seq,
      body: put.bytes,
      at: ports.clock.nowMs(),
    }),
  );
}
