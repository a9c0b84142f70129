import { randomGroupKeys } from '@baton/crypto';
import type { AccountId } from '@baton/kernel';
import { CollectionWriter } from '../collections/collection-writer.ts';
import { blockedOf } from '../conversations/conversation-view.ts';
import { callbackOf } from '../duty/callback.ts';
import { ClientError } from '../failure.ts';
import { FileCourier } from '../files/file-courier.ts';
import { RoleKeeper } from '../roles/role-keeper.ts';
import { Appender } from '../writing/appender.ts';
import { EntryWriter } from '../writing/entry-writer.ts';
import { EscalationSealer } from '../writing/escalation-sealer.ts';
import { MessageSender } from '../writing/message-sender.ts';
import { SendingGate } from '../writing/sending-gate.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { OutboxRow } from '../tables/records.ts';
import type { PartsPorts } from './parts-ports.ts';

export type Writing = ReturnType<typeof assembleWriting>;

/** What seals, signs and sends. */
export function assembleWriting(ports: PartsPorts, records: Records, incoming: Streams) {
  const { platform, rest, profile, secrets, connection, identityNow } = ports;
  const { primitives, rng, clock, timers, soon } = platform;
  const { store } = profile;
  const me = secrets.account;
  const { alarms, keyLog, logs, generations, book, receipts, directory } = records;
  const { serverClock, recordLog, facts, views } = records;
  const { outbox, collections, streams, sync } = incoming;
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
      const members = [...log.state.members.keys()].flatMap((id) => directory.member(id) ?? []);
      const blocked = row ? blockedOf(row, members, me) : null;
      if (blocked) throw new ClientError(blocked.code, 'blocked', { sentence: blocked.sentence });
    },
  });
  const escalation = new EscalationSealer({
    clock: serverClock,
    keyLog,
    logs,
    facts: () => facts.now(),
    describe: (row) => describeAsk(row, records, me),
  });
  const sender = new MessageSender({
    primitives,
    rng,
    clock,
    identity: identityNow,
    generations,
    newestHash: (conv) => streams.newestHash(conv),
    gate,
    escalation,
    freshenLadders: async () => {
      await keyLog.catchUp();
      await recordLog.catchUp();
      facts.invalidate();
    },
    appender,
    sync,
  });
  const collectionWriter = new CollectionWriter({
    primitives,
    rng,
    clock,
    timers,
    rest,
    identity: identityNow,
    book,
    collections,
    generations,
    newestHash: (conv) => streams.newestHash(conv),
    gate,
    appender,
    sync,
  });
  const roles = new RoleKeeper({
    primitives,
    rng,
    clock,
    identity: identityNow,
    keyLog,
    logs,
    generations,
    writer,
  });
  return { escalation, appender, writer, files, sender, collectionWriter, roles };
}

/** Sender, conversation and number to call, for somebody who was never in the conversation. */
function describeAsk(row: OutboxRow, records: Records, me: AccountId) {
  const { book, directory, facts, recordLog, serverClock } = records;
  const conversation = book.get(row.conv);
  const names = (conversation?.members ?? []).flatMap((id) => directory.member(id)?.name ?? []);
  const quote = row.content.t === 'message' ? row.content.quote : null;
  const [owner] = row.class.to;
  const unit = owner === undefined ? null : facts.now().unitOf(owner, serverClock.nowMs());
  return {
    sender: directory.person(me).name,
    conversation: conversation?.title?.text ?? names.join(', '),
    quotedAuthor: quote && directory.person(quote.author).name,
    callback: callbackOf(recordLog.book, unit),
  };
}
