import type { ConversationId, MessageId } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import { type Act, ActQueue } from '../batons/act-queue.ts';
import { CollectionBook, type PutRow } from '../collections/collection-book.ts';
import { EnvelopeOpener } from '../conversations/envelope-opener.ts';
import { ItemJudge } from '../conversations/item-judge.ts';
import { ConversationStreams } from '../conversations/stream.ts';
import type { ClientError } from '../failure.ts';
import { MarksBook } from '../marks/marks-book.ts';
import { type Committed, Outbox } from '../outbox/outbox.ts';
import { SyncEngine } from '../sync/engine.ts';
import { countedVia } from '../timeline/via.ts';
import type { ItemRow, OutboxRow } from '../tables/records.ts';
import type { Records } from './assemble-records.ts';
import type { PartsPorts } from './parts-ports.ts';

/** What parts further up do with what arrives; bound late, because they are made later. */
export interface Late {
  deliver(row: OutboxRow): Promise<Committed>;
  upload(message: MessageId, isWanted: () => boolean): Promise<void>;
  takenBack(row: OutboxRow): void;
  performAct(act: Act): Promise<void>;
  batonsChanged(): void;
  putsChanged(conv: ConversationId, rows: readonly PutRow[]): void;
  rowsStored(conv: ConversationId, rows: readonly ItemRow[], where: 'newer' | 'older'): void;
}

export type Streams = ReturnType<typeof assembleStreams>;

/** What comes in and what waits to go out. */
export function assembleStreams(ports: PartsPorts, records: Records, late: Late) {
  const { platform, rest, profile, secrets, events, connection, identityNow } = ports;
  const { primitives, clock, timers } = platform;
  const { store } = profile;
  const { account: me, org } = secrets;
  const { peers, alarms, keyLog, certificates, logs, manifests, generations, book, directory } = records;
  const locks = platform.locks(me);
  const acts = new ActQueue({
    store,
    locks,
    clock,
    timers,
    isOnline: () => connection().isOnline,
    perform: (act) => late.performAct(act),
    refused: (act, error) => noteRefusal(alarms, act, error),
    changed: () => late.batonsChanged(),
  });
  const outbox = new Outbox({
    store,
    locks,
    peers,
    clock,
    timers,
    isOnline: () => connection().isOnline,
    deliver: (row) => late.deliver(row),
    upload: (message, isWanted) => late.upload(message, isWanted),
    takenBack: (row) => late.takenBack(row),
    changed: (conv) => events.outboxChanged(conv),
    followUp: acts.followUp,
    followed: acts.kick,
  });
  const marks = new MarksBook({
    primitives,
    store,
    clock,
    timers,
    connection,
    identity: identityNow,
    keyLog,
    certificates,
    changed: (conv) => events.conversationChanged(conv),
    openedElsewhere: (conv, seq) => void streams.opened(conv, seq),
  });
  const judge = new ItemJudge({ primitives, org, keyLog, certificates, logs, manifests, alarms });
  const opener = new EnvelopeOpener({ primitives, judge, generations });
  const collections = new CollectionBook({
    org,
    primitives,
    rest,
    store,
    connection,
    judge,
    keyLog,
    certificates,
    logs,
    generations,
    alarms,
    nameOf: (account) => directory.person(account).name,
    changed: (conv, rows) => late.putsChanged(conv, rows),
  });
  const streams: ConversationStreams = new ConversationStreams({
    store,
    book,
    logs,
    opener,
    outbox,
    alarms,
    connection,
    me,
    isOutside: (author) => findAccount(keyLog.state, author)?.kind === 'patient',
    isText: ({ header, ts, content }) =>
      countedVia({ author: header.author, at: ts, content }, directory) !== null,
    collections,
    stored: (conv, rows, where) => {
      late.rowsStored(conv, rows, where);
      events.conversationChanged(conv);
    },
    membershipChanged: (conv) => events.membershipChanged(conv),
    loadOpened: (conv) => marks.ownOpened(conv),
  });
  const sync = new SyncEngine({
    connection,
    timers,
    sink: streams,
    alarms: {
      withheld: (conv, seq) =>
        alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: `${conv}.${seq}` }),
      rolledBack: (at) => alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: at }),
    },
    loadCursor: ports.cursor.read,
    saveCursor: ports.cursor.save,
    keyLogSize: () => keyLog.size,
    confirmKeyLog: (batch, size) => keyLog.confirm(batch, size),
    caughtUp: () => events.caughtUp(),
    failed: (error) => events.failed(error),
  });
  return { acts, outbox, marks, opener, collections, streams, sync };
}

/** Somebody else answered, closed or took it: that is no fault. Anything else the person has to know. */
function noteRefusal(alarms: Records['alarms'], act: Act, error: ClientError): void {
  if (error.code.startsWith('baton.') || error.code === 'request.not_found') return;
  const about = 'baton' in act ? act.baton : act.target;
  alarms.raise({
    code: error.code,
    severity: 'notice',
    about: `baton.${about}.${act.t}`,
    sentence: `What you did could not be noted with the request that it belongs to. Open My batons and look at it. ${error.sentence}`,
  });
}
