import { randomGroupKeys } from '@baton/crypto';
import { type ConversationId, isId, type MemberId, type MessageId, type RoleId } from '@baton/kernel';
import { NOTHING_TO_ASK } from '../conversations/asking.ts';
import { ConversationList } from '../conversations/conversation-list.ts';
import { blockedOf } from '../conversations/conversation-view.ts';
import { EnvelopeOpener } from '../conversations/envelope-opener.ts';
import { ItemJudge } from '../conversations/item-judge.ts';
import { type CollectionSink, ConversationStreams } from '../conversations/stream.ts';
import type { ThreadAsks } from '../conversations/thread-asks.ts';
import type { Composition } from '../conversations/thread-ports.ts';
import { ClientError, isClientError } from '../failure.ts';
import { FileCourier } from '../files/file-courier.ts';
import { MarksBook } from '../marks/marks-book.ts';
import { compose } from '../outbox/compose.ts';
import { type Committed, Outbox } from '../outbox/outbox.ts';
import { SyncEngine } from '../sync/engine.ts';
import { countedVia } from '../timeline/via.ts';
import type { OutboxRow } from '../tables/records.ts';
import { Appender } from '../writing/appender.ts';
import { EntryWriter } from '../writing/entry-writer.ts';
import { MessageSender } from '../writing/message-sender.ts';
import { SendingGate } from '../writing/sending-gate.ts';
import type { PhoneKnowledge, PhonePartsPorts } from './assemble-knowledge.ts';
import { owedFor } from './owed-ask.ts';
import { PhoneEscalation } from './phone-escalation.ts';

/** The conversation may not have arrived yet. */
const CLAIM_RETRY_MS = 1000;

type Incoming = ReturnType<typeof assembleIncoming>;

/** What comes in, and what goes out. */
export function assembleMail(ports: PhonePartsPorts, knowledge: PhoneKnowledge) {
  const incoming: Incoming = assembleIncoming(ports, knowledge, {
    deliver: (row) => outgoing.deliver(row),
    upload: (id, isWanted) => outgoing.upload(id, isWanted),
    takenBack: (row) => outgoing.files.giveUp(row),
    stored: (conv, rows, where) => conversations.peek(conv)?.stored(rows, where),
  });
  const outgoing = assembleOutgoing(ports, knowledge, incoming);
  const conversations = assembleList(ports, knowledge, { ...incoming, ...outgoing });
  return { ...incoming, ...outgoing, conversations };
}

function assembleIncoming(
  ports: PhonePartsPorts,
  knowledge: PhoneKnowledge,
  late: {
    deliver(row: OutboxRow): Promise<Committed>;
    upload: ConstructorParameters<typeof Outbox>[0]['upload'];
    takenBack(row: OutboxRow): void;
    stored: ConstructorParameters<typeof ConversationStreams>[0]['stored'];
  },
) {
  const { platform, profile, secrets, events, connection, identityNow } = ports;
  const { primitives, clock, timers } = platform;
  const { store } = profile;
  const { account: me, org } = secrets;
  const { peers, alarms, keyLog, certificates, logs, manifests, generations, book, isOutside, names } =
    knowledge;
  const outbox = new Outbox({
    store,
    locks: platform.locks(me),
    peers,
    clock,
    timers,
    isOnline: () => connection().isOnline,
    deliver: (row) => late.deliver(row),
    upload: (id, isWanted) => late.upload(id, isWanted),
    takenBack: (row) => late.takenBack(row),
    changed: (conv) => events.outboxChanged(conv),
    followUp: () => [],
    followed: () => {},
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
  const streams: ConversationStreams = new ConversationStreams({
    store,
    book,
    logs,
    opener: new EnvelopeOpener({ primitives, judge, generations }),
    outbox,
    alarms,
    connection,
    me,
    isOutside,
    isText: ({ header, ts, content }) =>
      countedVia({ author: header.author, at: ts, content }, names) !== null,
    collections: NO_COLLECTIONS,
    stored: (conv, rows, where) => {
      late.stored(conv, rows, where);
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
  return { outbox, marks, streams, sync };
}

function assembleOutgoing(ports: PhonePartsPorts, knowledge: PhoneKnowledge, incoming: Incoming) {
  const { platform, rest, profile, secrets, connection, identityNow } = ports;
  const { primitives, rng, clock, timers, soon } = platform;
  const { store } = profile;
  const me = secrets.account;
  const { alarms, keyLog, logs, views, generations, book, receipts, names, card } = knowledge;
  const { outbox, streams, sync } = incoming;
  const appender = new Appender({
    connection,
    receipts,
    sync,
    sink: streams,
    withheld: (conv, seq) =>
      alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: `${conv}.receipt.${seq}` }),
  });
  const writer = new EntryWriter({
    primitives,
    rng,
    clock,
    provider: randomGroupKeys(rng),
    identity: identityNow,
    keyLog,
    logs,
    views,
    generations,
    appender,
    sync,
    rest,
  });
  const locks = platform.locks(me);
  const files = new FileCourier({ primitives, rng, clock, timers, soon, rest, store, locks, outbox });
  const gate = new SendingGate({
    clock,
    book,
    logs,
    keyLog,
    views,
    writer,
    sync,
    requireUnblocked: (log) => {
      const row = book.get(log.conv);
      const members = [...log.state.members.keys()].flatMap((id) => names.member(id) ?? []);
      const blocked = row ? blockedOf(row, members, me) : null;
      if (blocked) throw new ClientError(blocked.code, 'blocked', { sentence: blocked.sentence });
    },
  });
  const escalation = new PhoneEscalation({ keyLog, logs, card });
  const sender = new MessageSender({
    primitives,
    rng,
    clock,
    identity: identityNow,
    generations,
    newestHash: (conv) => streams.newestHash(conv),
    gate,
    escalation,
    freshenLadders: () => keyLog.catchUp(),
    appender,
    sync,
  });
  const claimed = async (): Promise<void> => {
    await ports.settleClaim();
    if (ports.claim()) throw new ClientError('limit.busy', 'claim', { retryMs: CLAIM_RETRY_MS });
  };
  return {
    writer,
    files,
    /** A file belongs to a conversation as a message does: before the claim stands this phone has no place in it. */
    async upload(id: MessageId, isWanted: () => boolean): Promise<void> {
      await claimed();
      await files.upload(id, isWanted);
    },
    async deliver(row: OutboxRow): Promise<Committed> {
      await claimed();
      return deliver(row, { sender, card });
    },
  };
}

/** The newest card decides whom a message is owed by, however long it waited. What cannot be asked for is sent all the same. */
async function deliver(
  row: OutboxRow,
  { sender, card }: Pick<PhoneKnowledge, 'card'> & { readonly sender: MessageSender },
): Promise<Committed> {
  if (row.content.t !== 'message') return sender.deliver(row);
  const owed = owedFor(card(row.conv), row.content, row.class.contract === 'stat');
  try {
    return await sender.deliver({ ...row, class: { ...row.class, ...owed } });
  } catch (error) {
    if (owed.contract === 'fyi' || !isClientError(error) || !NOBODY_TO_ASK.has(error.code)) throw error;
    return sender.deliver({ ...row, class: { ...row.class, ...owedFor(null, row.content, false) } });
  }
}

/** The card names somebody who is gone, or whose key cannot be told. */
const NOBODY_TO_ASK: ReadonlySet<string> = new Set(['baton.owner', 'baton.escalation', 'duty.no_supervisor']);

function assembleList(
  ports: PhonePartsPorts,
  knowledge: PhoneKnowledge,
  mail: Incoming & Pick<ReturnType<typeof assembleOutgoing>, 'writer' | 'files'>,
): ConversationList {
  const { platform, secrets, events } = ports;
  const { rng, clock, soon } = platform;
  const { book, logs, keyLog, drafts, names, peers, card } = knowledge;
  const { streams, outbox, marks, sync, writer, files } = mail;
  return new ConversationList({
    me: secrets.account,
    rng,
    soon,
    names,
    book,
    logs,
    keyLog,
    streams,
    outbox,
    marks,
    drafts,
    writer,
    files,
    asks: NO_ASKS,
    titleFor: (conv) => card(conv)?.name ?? null,
    compose: (composition) =>
      compose(addressed(composition, knowledge), { outbox, streams, files, clock, rng }),
    loadOlderPage: (conv) => sync.run(conv, () => streams.loadOlder(conv)),
    freshenRoles: (conv) => {
      const roles = logs.peek(conv)?.state.members.keys() ?? [];
      void logs.refreshRoles([...roles].filter((id: MemberId): id is RoleId => isId('role', id))).then(
        () => events.holdersChanged(),
        () => {},
      );
    },
    openedUpTo: (conv, seq) => {
      void streams.opened(conv, seq);
      marks.open(conv, seq);
      peers.post({ t: 'opened', conv, seq });
    },
  });
}

/** Shown while it waits; decided anew when it goes out. An ask of the caller's says one thing only: that it is urgent. */
function addressed(composition: Composition, { card }: Pick<PhoneKnowledge, 'card'>): Composition {
  const { conv, content } = composition;
  if (content.t !== 'message') return composition;
  const owed = owedFor(card(conv), content, composition.class.contract === 'stat');
  return { ...composition, as: null, class: { ...composition.class, ...owed }, asked: null };
}

const NO_ASKS: ThreadAsks = {
  batonsOf: () => [],
  owner: () => null,
  canGive: () => false,
  responsibleFor: () => null,
  defaultsIn: (_conv: ConversationId) => NOTHING_TO_ASK,
};

/** A patient's account is in no collection. */
const NO_COLLECTIONS: CollectionSink = {
  introduce: () => Promise.reject(new ClientError('policy.kind', 'conversation')),
  take: () => Promise.reject(new ClientError('policy.kind', 'conversation')),
};
